namespace CloudRewind.Functions.Http;

/// <summary>Collects what is wrong with a request, so that one answer names all of it, up to <see cref="Max"/> fields.</summary>
public sealed class FieldErrors
{
    /// <summary>How many fields an answer names.</summary>
    public const int Max = 20;

    private const int MaxName = 100;
    private const int MaxMessage = 400;

    private readonly Dictionary<string, string> errors = new(StringComparer.Ordinal);
    private bool isFull;

    /// <summary>Adds what is wrong with a parameter or a member. The first error of each field stays; both texts are cut where they are long.</summary>
    public void Add(string field, string message)
    {
        var name = Excerpt.Of(field, MaxName);
        if (errors.Count < Max)
            errors.TryAdd(name, Excerpt.Of(message, MaxMessage));
        else
            isFull |= !errors.ContainsKey(name);
    }

    /// <exception cref="ApiException">There are errors: 412.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0)
            throw ApiErrors.InvalidRequest.Exception((errors, isFull));
    }
}
