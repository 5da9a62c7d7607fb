using CloudRewind.FunctionsHost.Protocol;
using Google.Protobuf;
using Newtonsoft.Json;

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>Values between the WebJobs SDK, which is written for Newtonsoft.Json, and the worker.</summary>
internal static class WorkerValues
{
    // A date stays as it was written.
    private static readonly JsonSerializerSettings Unparsed = new() { DateParseHandling = DateParseHandling.None };

    /// <summary>A value of an input binding.</summary>
    public static TypedData ToWorker(object? value) => value switch
    {
        null => new TypedData(),
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        _ => new TypedData { Json = JsonConvert.SerializeObject(value) },
    };

    /// <summary>What a function returned; null for nothing, and for an HTTP function's answer, which went its own way.</summary>
    public static object? FromWorker(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => value.String,
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject(value.Json, Unparsed),
        TypedData.DataOneofCase.Bytes => value.Bytes.ToByteArray(),
        TypedData.DataOneofCase.Int => value.Int,
        TypedData.DataOneofCase.Double => value.Double,
        _ => null,
    };
}
