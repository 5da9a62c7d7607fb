using CloudRewind.Functions.Http;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseHttpMiddleware();

try
{
    var settings = AppSettings.Read(builder.Configuration);
    builder.Services
        .AddTelemetry(builder.Configuration)
        .AddStorage(settings)
        .AddHttp(settings)
        .AddSecurity(settings)
        .AddCapturing(settings);
}
catch (InvalidSettingsException error)
{
    Console.Error.WriteLine(error.Message);
    Environment.ExitCode = 1;
    return;
}

builder.Build().Run();
