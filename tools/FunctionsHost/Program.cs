using CloudRewind.FunctionsHost;

return await HostApplication.RunAsync(args);
