namespace CloudRewind.Capture.Tests.Aws;

/// <summary>What the SDK's default chain finds in these tests. The endpoint does not check signatures.</summary>
internal static class TestCredentials
{
    public static void Use()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIATEST");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "of-no-use-anywhere");
    }
}
