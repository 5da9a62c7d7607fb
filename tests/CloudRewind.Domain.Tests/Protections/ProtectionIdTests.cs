using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CsCheck;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ProtectionIdTests
{
    private static readonly string[] Awkward = [":", "::", "t1:a:2:0:3", "a:b:c", "1:2:3", "0", "a/b\\c#d?e", "\u0000\u001f\u007f", "😀", " ", "t", "%2F", "é"];

    // Texts that look like parts of an id, and texts that keys of a store would choke on.
    private static readonly Gen<string> Projects = Gen.OneOf(
        Gen.String[1, 40],
        Gen.Int[0, Awkward.Length - 1].Select(index => Awkward[index]),
        Gen.Char["0123456789:t"].Array[1, 20].Select(characters => new string(characters)));

    private static readonly Gen<ProtectionId> Ids =
        from account in Gen.Long[1, long.MaxValue]
        from project in Projects
        from assembly in Gen.Long[1, long.MaxValue]
        from policy in Gen.Long[0, long.MaxValue]
        from time in Gen.Long[0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()]
        select new ProtectionId(new AssemblyKey(account, project, assembly), policy, time);

    [Fact]
    public void An_id_is_written_as_documented() =>
        Assert.Equal("t1:demo:7:0:1700000000000", new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 1_700_000_000_000).ToString());

    [Fact]
    public void Every_id_can_be_read_back_whatever_its_project() =>
        Ids.Sample(id => ProtectionId.TryParse(id.ToString(), out var read) && read == id);

    [Fact]
    public void What_can_be_read_is_written_the_same() =>
        Gen.Char["t0123456789:-+ ab"].Array[0, 40].Select(characters => new string(characters)).Sample(text => !ProtectionId.TryParse(text, out var id) || id.ToString() == text, iter: 100_000);

    [Fact]
    public void A_project_may_hold_colons() =>
        Assert.Equal("a:2:b", ProtectionId.Parse("t1:a:2:b:7:0:5").Assembly.ProjectId);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("1:demo:7:0:5")]
    [InlineData("T1:demo:7:0:5")]
    [InlineData("t1:demo:7:0")]
    [InlineData("t1:7:0:5")]
    [InlineData("t1::7:0:5")]
    [InlineData("t:demo:7:0:5")]
    [InlineData("t0:demo:7:0:5")]
    [InlineData("t1:demo:0:0:5")]
    [InlineData("t01:demo:7:0:5")]
    [InlineData("t1:demo:07:0:5")]
    [InlineData("t1:demo:7:00:5")]
    [InlineData("t1:demo:7:0:05")]
    [InlineData("t+1:demo:7:0:5")]
    [InlineData("t-1:demo:7:0:5")]
    [InlineData("t1:demo:7:-1:5")]
    [InlineData("t1:demo:7:0:-5")]
    [InlineData(" t1:demo:7:0:5")]
    [InlineData("t1:demo:7:0:5 ")]
    [InlineData("t1:demo:7:0:5\0")]
    [InlineData("t1:demo:7:0\0:5")]
    [InlineData("t1:demo:7\0:0:5")]
    [InlineData("t1\0:demo:7:0:5")]
    [InlineData("t1:demo:7: 0:5")]
    [InlineData("t1:demo:7:0:")]
    [InlineData("t1:demo:7::5")]
    [InlineData("t1:demo::0:5")]
    [InlineData("t９:demo:7:0:5")]
    [InlineData("t9223372036854775808:demo:7:0:5")]
    [InlineData("t1:demo:7:0:253402300800000")]
    [InlineData("t1:demo:7:0:9223372036854775807")]
    public void What_is_no_id_is_refused(string? text)
    {
        Assert.False(ProtectionId.TryParse(text, out var id));
        Assert.Null(id);
    }

    [Fact]
    public void A_text_that_must_be_an_id_and_is_none_is_named() =>
        Assert.Contains("'t1:demo'", Assert.Throws<FormatException>(() => ProtectionId.Parse("t1:demo")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 253402300800000)]
    public void An_id_out_of_range_cannot_be_made(long policy, long time) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtectionId(new AssemblyKey(1, "demo", 7), policy, time));

    [Theory]
    [InlineData(0, "demo", 7)]
    [InlineData(-1, "demo", 7)]
    [InlineData(1, "demo", 0)]
    [InlineData(1, "", 7)]
    public void An_assembly_out_of_range_cannot_be_named(long account, string project, long assembly) =>
        Assert.ThrowsAny<ArgumentException>(() => new AssemblyKey(account, project, assembly));

    [Fact]
    public void Keys_are_equal_where_every_part_is_and_case_counts()
    {
        Assert.Equal(new AssemblyKey(1, "demo", 7), new AssemblyKey(1, "demo", 7));
        Assert.NotEqual(new AssemblyKey(1, "demo", 7), new AssemblyKey(1, "Demo", 7));
    }
}
