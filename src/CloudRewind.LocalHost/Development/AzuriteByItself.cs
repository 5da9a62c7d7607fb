namespace CloudRewind.LocalHost.Development;

/// <summary>Starts Azurite for an app that asks for development storage, when nothing answers there.</summary>
internal static class AzuriteByItself
{
    private const int DevelopmentTablePort = 10002;

    /// <summary>The Azurite that was started, or null where none is needed.</summary>
    public static async Task<Azurite?> StartIfNeededAsync(
        string connectionString, string root, ILogger logger, CancellationToken cancellationToken)
    {
        var development = string.Equals(connectionString.Trim().TrimEnd(';'), "UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase);
        if (!development)
            return null;
        var options = new AzuriteOptions { Root = root, Port = DevelopmentTablePort, Say = line => logger.LogInformation("{Line}", line) };
        await AzuriteNote.WaitForEndAsync(options.DataFolder, cancellationToken);
        if (await Azurite.AnswersAsync(DevelopmentTablePort, cancellationToken))
            return null;

        try
        {
            var azurite = await Azurite.StartAsync(options, cancellationToken);
            logger.LogInformation("Azurite stores in {Folder}", options.DataFolder);
            return azurite;
        }
        catch (HostStartException)
        {
            // Another app that was started at the same time may have been faster.
            if (await Azurite.AnswersAsync(DevelopmentTablePort, cancellationToken))
                return null;
            throw;
        }
    }
}
