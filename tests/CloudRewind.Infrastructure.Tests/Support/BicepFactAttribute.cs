namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>A test that runs the Bicep CLI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = BicepCli.Missing;
}
