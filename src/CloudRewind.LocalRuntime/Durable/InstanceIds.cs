namespace CloudRewind.LocalRuntime.Durable;

/// <summary>What may be an instance id, which is what Durable Functions takes.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 100;

    /// <exception cref="ArgumentException">The id cannot be one.</exception>
    public static void Check(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId.Length > MaxLength)
            throw new ArgumentException($"An instance id has at most {MaxLength} characters.", nameof(instanceId));
        if (instanceId[0] == '@')
            throw new ArgumentException("An instance id does not begin with '@'.", nameof(instanceId));
        if (instanceId.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            throw new ArgumentException("An instance id holds none of / \\ # ? and no control character.", nameof(instanceId));
    }
}
