using CloudRewind.Functions.Http;

namespace CloudRewind.Functions.Tests.Http;

public sealed class FieldErrorsTests
{
    [Fact]
    public void The_first_error_of_a_field_stays()
    {
        var errors = new FieldErrors();
        errors.Add("name", "It is required.");
        errors.Add("name", "It is too long.");

        Assert.Equal("name: It is required.", Assert.Throws<ApiException>(errors.ThrowIfAny).Message);
    }

    [Fact]
    public void Long_texts_are_cut_and_the_message_says_that_there_is_more()
    {
        var errors = new FieldErrors();
        for (var field = 0; field <= FieldErrors.Max; field++)
            errors.Add($"{field}{new string('n', 10_000)}", new string('m', 10_000));

        var message = Assert.Throws<ApiException>(errors.ThrowIfAny).Message;

        Assert.StartsWith("More than 20 fields are invalid.", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 1_100);
    }

    [Fact]
    public void Twenty_are_named_without_a_word_about_more()
    {
        var errors = new FieldErrors();
        for (var field = 0; field < FieldErrors.Max; field++)
            errors.Add($"field{field}", "x");
        errors.Add("field0", "again");

        Assert.StartsWith("field0: x", Assert.Throws<ApiException>(errors.ThrowIfAny).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_leaves_no_half_of_a_surrogate_pair() => Assert.Equal("a...", Excerpt.Of("a🚀b", 2));
}
