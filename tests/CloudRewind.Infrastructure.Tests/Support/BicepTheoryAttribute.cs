namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Cases that run the Bicep CLI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = BicepCli.Missing;
}
