// An app that has everything to lose in a crash. Whoever runs it kills it, looks into its storage, and starts it again.
using CloudRewind.LocalRuntime.Workload;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton(Journal.FromEnvironment());
builder.Build().Run();
