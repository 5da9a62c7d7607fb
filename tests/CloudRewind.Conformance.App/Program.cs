using CloudRewind.Conformance.Evidence;
using CloudRewind.Conformance.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<Refusals>();

var notes = new Notes();
builder.Services.AddSingleton(notes);
builder.Services.AddSingleton<Gates>();
builder.Logging.SetMinimumLevel(LogLevel.Information);
builder.Logging.AddProvider(new NotedLog(notes));

builder.Build().Run();
