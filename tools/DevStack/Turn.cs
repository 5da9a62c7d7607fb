namespace CloudRewind.DevStack;

/// <summary>Lets processes do something one after the other.</summary>
internal static class Turn
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the turn. It lasts until the file is closed, which the system does for a process that is killed.</summary>
    /// <param name="path">The lock file; it stays when the turn is over.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                // Somebody else's turn.
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
