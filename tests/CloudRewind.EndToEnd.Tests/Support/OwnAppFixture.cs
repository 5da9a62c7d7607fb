namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>An app for the tests of a class or of some, with settings or a storage that others could not share.</summary>
public abstract class OwnAppFixture : IAsyncLifetime
{
    internal App App { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (OutsideApp.IsGiven)
            return; // its tests are skipped
        App = await StartAsync();
        await ArrangeAsync();
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        if (App is not null)
            await App.DisposeAsync();
    }

    private protected abstract Task<App> StartAsync();

    private protected virtual Task ArrangeAsync() => Task.CompletedTask;
}
