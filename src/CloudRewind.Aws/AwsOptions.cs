namespace CloudRewind.Aws;

/// <summary>How AWS is reached, and how snapshots are taken there.</summary>
/// <param name="ServiceUrl">The one endpoint of EC2 and STS, such as an emulator's; null: those of the assembly's region.</param>
/// <param name="HubRoleArn">The role that the app assumes with the token of its managed identity, before a customer's role; null: the SDK's default chain of credentials is used.</param>
/// <param name="WebIdentityAudience">The audience of that token: the Application ID URI of an app registration. Null exactly where <paramref name="HubRoleArn"/> is.</param>
/// <param name="ManagedIdentityClientId">The client id of the managed identity; null: the one that there is.</param>
/// <param name="SettleWindow">How long a snapshot that was asked for may take to show in EC2. Starts are given up after half of it.</param>
/// <param name="CopyTagsFromSource">Whether the tags of a volume are copied to its snapshots.</param>
public sealed record AwsOptions(
    Uri? ServiceUrl, string? HubRoleArn, string? WebIdentityAudience, string? ManagedIdentityClientId, TimeSpan SettleWindow, bool CopyTagsFromSource);
