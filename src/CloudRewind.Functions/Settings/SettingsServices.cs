using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudRewind.Functions.Settings;

/// <summary>Settings as options that are valid from the start, or keep the app from starting.</summary>
internal static class SettingsServices
{
    /// <summary>Registers a section of the settings as <typeparamref name="T"/>, validated at start.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="section">The section's name. A setting in it that <paramref name="read"/> does not ask for is an error.</param>
    /// <param name="read">Reads the section; what it returns counts only where there were no errors.</param>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string section, Func<SettingsReader, T?> read)
        where T : class
    {
        services.AddOptions<T>().ValidateOnStart();
        return services
            .AddSingleton<IOptionsFactory<T>>(provider => new Factory<T>(provider.GetRequiredService<IConfiguration>(), section, read))
            .AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
    }

    /// <summary>Validates all settings, as the host would at its start, and collects the errors of all sections.</summary>
    /// <returns>One sentence for each error; none where the app may start.</returns>
    public static IReadOnlyList<string> FindSettingsErrors(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException error)
        {
            return [.. error.Failures];
        }
        catch (AggregateException errors)
        {
            return [.. errors.InnerExceptions.Cast<OptionsValidationException>().SelectMany(error => error.Failures)];
        }
    }

    // The binder of the framework stops at the first error, takes "6" for six days, and does not know the range.
    private sealed class Factory<T>(IConfiguration configuration, string section, Func<SettingsReader, T?> read) : IOptionsFactory<T>
        where T : class
    {
        public T Create(string name)
        {
            var reader = new SettingsReader(configuration);
            var options = read(reader);
            reader.RefuseUnknown(section);
            return options is not null && reader.Errors.Count == 0 ? options : throw new OptionsValidationException(name, typeof(T), reader.Errors);
        }
    }
}
