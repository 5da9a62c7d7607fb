using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;

namespace CloudRewind.Infrastructure.Tests;

public sealed class SecretsTests
{
    [BicepFact]
    public async Task Nothing_asks_azure_for_a_key()
    {
        var template = await Template.MainAsync();

        Assert.DoesNotMatch(new Regex(@"\blist[A-Z]\w*\s*\(", RegexOptions.None), template.Text);
        Assert.DoesNotContain("InstrumentationKey", template.Text, StringComparison.OrdinalIgnoreCase);
    }

    [BicepFact]
    public async Task No_parameter_is_a_secret_because_there_is_none()
    {
        var template = await Template.MainAsync();

        Assert.DoesNotContain("\"securestring\"", template.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"secureobject\"", template.Text, StringComparison.OrdinalIgnoreCase);
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task No_setting_of_the_app_holds_a_key(string environment)
    {
        var settings = (await Deployment.OfAsync(environment)).AppSettings;

        Assert.All(settings, setting =>
        {
            Assert.DoesNotMatch(new Regex("AccountKey=|SharedAccess|[?&]sig=|Password|Secret", RegexOptions.IgnoreCase), setting.Value);
            Assert.DoesNotMatch(new Regex("Key$|Password|Secret|__ConnectionString$"), setting.Key);
        });
        Assert.False(settings.ContainsKey("AzureWebJobsStorage"), "The Functions host must not be given a connection string.");
    }
}
