using System.Globalization;
using System.Xml.Linq;

namespace CloudRewind.AwsEmulator.Protocol;

/// <summary>Answers in XML.</summary>
internal static class Answers
{
    private static readonly XNamespace Ec2 = "http://ec2.amazonaws.com/doc/2016-11-15/";
    private static readonly XNamespace Sts = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static XElement OfEc2(string action, params object?[] content) => In(Ec2, new XElement($"{action}Response", new XElement("requestId", Guid.NewGuid()), content));

    public static XElement OfSts(string action, params object?[] content) =>
        In(Sts, new XElement($"{action}Response", new XElement($"{action}Result", content), new XElement("ResponseMetadata", new XElement("RequestId", Guid.NewGuid()))));

    public static XElement OfEc2(AwsError error) =>
        new("Response", new XElement("Errors", new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))), new XElement("RequestID", Guid.NewGuid()));

    public static XElement OfSts(AwsError error) => In(Sts, new XElement(
        "ErrorResponse",
        new XElement("Error", new XElement("Type", "Sender"), new XElement("Code", error.Code), new XElement("Message", error.Message)),
        new XElement("RequestId", Guid.NewGuid())));

    public static XElement Set(string name, IEnumerable<XElement> items) => new(name, items);

    public static XElement Tags(IReadOnlyDictionary<string, string> tags) =>
        Set("tagSet", tags.Select(tag => new XElement("item", new XElement("key", tag.Key), new XElement("value", tag.Value))));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static XElement In(XNamespace space, XElement element)
    {
        foreach (var inner in element.DescendantsAndSelf())
            inner.Name = space + inner.Name.LocalName;
        return element;
    }
}
