using System.Globalization;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Assemblies;

/// <summary>An assembly as a row of the table <c>CloudAssemblies</c>.</summary>
internal static class AssemblyRow
{
    private const string ManualFilter = "manual";
    private const string VpcFilter = "vpc";
    private const string TagsFilter = "tags";

    public static AssemblyKey ReadKey(long accountId, string projectId, TableEntity row) =>
        new(accountId, projectId, long.Parse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture));

    public static TableEntity Create(CloudAssembly assembly)
    {
        var definition = assembly.Definition;
        var row = new TableEntity(Keys.Assemblies.Partition(assembly.Key), Keys.Assemblies.Assembly(assembly.Key))
        {
            ["ProjectId"] = assembly.Key.ProjectId,
            [nameof(CloudAssembly.CreatedAt)] = assembly.CreatedAt,
            [nameof(CloudAssembly.UpdatedAt)] = assembly.UpdatedAt,
            [nameof(CloudAssembly.Version)] = assembly.Version,
            [nameof(AssemblyDefinition.Name)] = definition.Name,
            [nameof(AssemblyDefinition.Description)] = definition.Description,
            [nameof(AssemblyDefinition.SourceRegion)] = definition.SourceRegion,
            [nameof(CloudConnection.RoleArn)] = definition.Connection.RoleArn,
            [nameof(CloudConnection.ExternalId)] = definition.Connection.ExternalId,
            [nameof(AssemblyDefinition.Retention)] = definition.Retention?.ToString("c", CultureInfo.InvariantCulture),
            [nameof(AssemblyDefinition.Status)] = definition.Status.ToString(),
        };
        WriteFilter(row, definition.Filter);
        return row;
    }

    public static CloudAssembly Read(AssemblyKey key, TableEntity row) => new(
        key,
        new AssemblyDefinition(
            row.Text(nameof(AssemblyDefinition.Name)),
            row.GetString(nameof(AssemblyDefinition.Description)),
            row.Text(nameof(AssemblyDefinition.SourceRegion)),
            new CloudConnection(row.Text(nameof(CloudConnection.RoleArn)), row.GetString(nameof(CloudConnection.ExternalId))),
            ReadFilter(row),
            row.GetString(nameof(AssemblyDefinition.Retention)) is { } retention ? TimeSpan.ParseExact(retention, "c", CultureInfo.InvariantCulture) : null,
            Enum.Parse<AssemblyStatus>(row.Text(nameof(AssemblyDefinition.Status)))),
        row.Time(nameof(CloudAssembly.CreatedAt)),
        row.Time(nameof(CloudAssembly.UpdatedAt)),
        row.Number(nameof(CloudAssembly.Version)));

    private static void WriteFilter(TableEntity row, ResourceFilter filter)
    {
        switch (filter)
        {
            case ResourceFilter.Manual manual:
                row["FilterType"] = ManualFilter;
                row.WriteJson("Resources", manual.Resources);
                break;
            case ResourceFilter.Vpc vpc:
                row["FilterType"] = VpcFilter;
                row[nameof(ResourceFilter.Vpc.VpcId)] = vpc.VpcId;
                break;
            case ResourceFilter.Tags tags:
                row["FilterType"] = TagsFilter;
                row[nameof(ResourceFilter.Tags.MatchAll)] = tags.MatchAll;
                row.WriteJson("Tags", tags.Required);
                break;
            default:
                throw new ArgumentException($"There is no column for {filter.GetType().Name}.", nameof(filter));
        }
    }

    private static ResourceFilter ReadFilter(TableEntity row) => row.Text("FilterType") switch
    {
        ManualFilter => new ResourceFilter.Manual(row.ReadJson<List<string>>("Resources")!),
        VpcFilter => new ResourceFilter.Vpc(row.Text(nameof(ResourceFilter.Vpc.VpcId))),
        TagsFilter => new ResourceFilter.Tags(
            row.ReadJson<List<ResourceTag>>("Tags")!,
            row.GetBoolean(nameof(ResourceFilter.Tags.MatchAll)) ?? true),
        var other => throw new InvalidDataException($"'{other}' is not a filter type that this version knows."),
    };
}
