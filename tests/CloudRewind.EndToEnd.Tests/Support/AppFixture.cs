namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The app that most tests share: started with the first class of tests that wants it, ended with the last. Or one that something else started.</summary>
public sealed class AppFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Turn = new(1, 1);
    private static App? shared;
    private static int users;

    internal App App { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await Turn.WaitAsync();
        try
        {
            App = shared ??= OutsideApp.IsGiven ? App.Of(OutsideApp.Read()) : await App.StartAsync();
            users++;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Turn.WaitAsync();
        try
        {
            if (App is null || --users > 0)
                return;
            shared = null;
            await App.DisposeAsync();
        }
        finally
        {
            Turn.Release();
        }
    }
}
