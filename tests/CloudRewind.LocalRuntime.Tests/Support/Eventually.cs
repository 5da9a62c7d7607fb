namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>Waits for a condition, up to a limit.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var begun = Environment.TickCount64;
        while (!await condition())
        {
            if (Environment.TickCount64 - begun > TestApp.Limit.TotalMilliseconds)
                throw new TimeoutException("The condition did not come true in time.");
            await Task.Delay(20);
        }
    }
}
