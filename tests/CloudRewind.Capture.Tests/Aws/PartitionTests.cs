using Amazon;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>The domain's table of partitions, against that of the AWS SDK.</summary>
public sealed class PartitionTests
{
    [Fact]
    public void Every_region_that_the_SDK_knows_is_in_the_partition_that_the_SDK_says() =>
        Assert.All(RegionEndpoint.EnumerableAllRegions, region => Assert.Equal(region.PartitionName, AwsPartition.OfRegion(region.SystemName).Name));

    [Fact]
    public void The_home_region_of_every_region_is_one_of_the_same_partition_that_the_SDK_knows()
    {
        var known = RegionEndpoint.EnumerableAllRegions.ToDictionary(region => region.SystemName, region => region.PartitionName);

        Assert.All(known, region => Assert.Equal(region.Value, known[AwsPartition.OfRegion(region.Key).HomeRegion]));
    }

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/x", "aws")]
    [InlineData("arn:aws-iso-b:iam::123456789012:role/x", "aws-iso-b")]
    [InlineData("arn:aws-eusc:iam::123456789012:role/x", "aws-eusc")]
    [InlineData("arn:aws-moon:iam::123456789012:role/x", null)]
    [InlineData("role", null)]
    public void An_ARN_names_its_partition(string arn, string? name) => Assert.Equal(name, AwsPartition.OfArn(arn)?.Name);
}
