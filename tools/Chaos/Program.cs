using CloudRewind.Chaos;

if (!ChaosOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(ChaosOptions.Usage);
    return 2;
}

var report = await ChaosRun.RunAsync(options, Console.Out);
Console.WriteLine(report.Summary);
return report.Violations.Count == 0 ? 0 : 1;
