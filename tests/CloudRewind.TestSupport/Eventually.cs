using System.Diagnostics;

namespace CloudRewind.TestSupport;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    /// <summary>How long anything may take before a test gives up: far longer than it ever takes. A message that a killed process had is hidden for a minute, and a lease may be held for another.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Asks until the answer is the one that is waited for.</summary>
    /// <param name="ask">What to ask.</param>
    /// <param name="isIt">Whether this answer is it.</param>
    /// <param name="what">What is waited for, for the message of the failure.</param>
    /// <returns>That answer.</returns>
    /// <exception cref="TimeoutException">It did not come within <see cref="Limit"/>; the message has the last answer.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isIt(answer))
                return answer;
            if (Stopwatch.GetElapsedTime(begun) > Limit)
                throw new TimeoutException($"Waited {Limit} for {what}; the last answer was {answer}.");
            await Task.Delay(25);
        }
    }
}
