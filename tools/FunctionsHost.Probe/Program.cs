using CloudRewind.FunctionsHost.Probe;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var notes = new Notes(Environment.GetEnvironmentVariable(Notes.FolderVariable) ?? Path.GetTempPath());
if (notes.Has("crash"))
    throw new InvalidOperationException("The probe was told to crash.");
notes.Add("started", $"{Environment.ProcessId}");

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ThrowingMiddleware>();
// With it, an exception comes to the engine without its type.
builder.Services.Configure<WorkerOptions>(worker => worker.Capabilities.Remove("EnableUserCodeException"));
builder.Services.AddSingleton(notes);
builder.Build().Run();
