using Azure.Identity;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage;

/// <summary>Where the tables are: an account's connection string, or an endpoint that an identity may use.</summary>
public abstract record TableStorageOptions
{
    private TableStorageOptions()
    {
    }

    /// <summary>Opens the tables; nothing is asked of storage yet.</summary>
    /// <param name="answeredAt">Is told the time that each answer of storage names; null: nothing is.</param>
    public abstract StorageTables Open(Action<DateTimeOffset>? answeredAt = null);

    /// <summary>With a key, or Azurite.</summary>
    /// <param name="Value">The connection string.</param>
    public sealed record ByConnectionString(string Value) : TableStorageOptions
    {
        /// <inheritdoc/>
        public override StorageTables Open(Action<DateTimeOffset>? answeredAt = null) => new(Value, answeredAt);

        /// <summary>The value holds a key: it is not written to a log.</summary>
        public override string ToString() => nameof(ByConnectionString);
    }

    /// <summary>With <see cref="DefaultAzureCredential"/>; there is no key.</summary>
    /// <param name="Endpoint">The account's table endpoint.</param>
    /// <param name="ClientId">The client id of a user-assigned identity; null for <c>AZURE_CLIENT_ID</c>, or else the system-assigned one.</param>
    public sealed record ByIdentity(Uri Endpoint, string? ClientId = null) : TableStorageOptions
    {
        /// <inheritdoc/>
        public override StorageTables Open(Action<DateTimeOffset>? answeredAt = null)
        {
            var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = ClientId ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID"),
                Retry = { MaxRetries = 1, NetworkTimeout = CallDeadline.TokenAttempt },
            });
            return new(Endpoint, credential, answeredAt);
        }
    }
}
