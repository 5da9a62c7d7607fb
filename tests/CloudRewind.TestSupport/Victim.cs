namespace CloudRewind.TestSupport;

/// <summary>Which of an app's processes a test ends.</summary>
public enum Victim
{
    Host,
    Worker,
    Both,
}
