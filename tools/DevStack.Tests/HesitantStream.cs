namespace CloudRewind.DevStack.Tests;

/// <summary>Content that is read by half, and then waits to be told to go on.</summary>
internal sealed class HesitantStream(byte[] content) : MemoryStream(content)
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first half has been asked for, and the second is.</summary>
    public Task Begun => begun.Task;

    /// <summary>Gives the second half.</summary>
    public void GoOn() => goOn.TrySetResult();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var half = Length / 2;
        if (Position < half)
            return await base.ReadAsync(buffer[..(int)(half - Position)], cancellationToken);
        begun.TrySetResult();
        await goOn.Task.WaitAsync(cancellationToken);
        return await base.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
        CopyAsync(destination, cancellationToken);

    private async Task CopyAsync(Stream destination, CancellationToken cancellationToken)
    {
        var buffer = new byte[Length];
        while (await ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await destination.FlushAsync(cancellationToken);
        }
    }
}
