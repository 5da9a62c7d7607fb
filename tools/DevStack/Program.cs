using CloudRewind.DevStack;
using CloudRewind.FunctionsHost;

if (args is not [var folder, TokenCommand.Name, .. var options])
    return await HostApplication.RunAsync(args, new DevelopmentServices());

return await HostApplication.GuardAsync(async () =>
{
    var root = HostSettings.Read([folder]).RootFolder;
    var access = DevelopmentAccess.CreateIfNeeded(root, Environment.GetEnvironmentVariable, TimeProvider.System);
    await Console.Out.WriteLineAsync(TokenCommand.Run(options, access));
    return 0;
});
