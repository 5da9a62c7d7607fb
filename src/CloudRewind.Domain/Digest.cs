using System.Security.Cryptography;
using System.Text;

namespace CloudRewind.Domain;

/// <summary>Stands for a text of any length.</summary>
public static class Digest
{
    /// <summary>The SHA-256 of the text's UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public static string Sha256Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
