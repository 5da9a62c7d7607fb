using CloudRewind.LocalRuntime.Durable.Replay;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class RetryPolicyTests
{
    [Fact]
    public void Pauses_grow_by_the_coefficient_up_to_the_cap()
    {
        var policy = new RetryPolicy(9, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(5));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(a => RetryLoop.PauseAfter(a, policy).TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(5), RetryLoop.PauseAfter(5000, policy));
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        var second = TimeSpan.FromSeconds(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(0, second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 1, TimeSpan.FromMilliseconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, second, 1, null, TimeSpan.FromMilliseconds(1)));
    }
}
