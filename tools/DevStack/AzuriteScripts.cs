namespace CloudRewind.DevStack;

/// <summary>What Node.js runs to have an Azurite that nothing ends before it has saved.</summary>
internal static class AzuriteScripts
{
    /// <summary>A line that starts with this has the number of Azurite's process.</summary>
    public const string ProcessPrefix = "process ";

    /// <summary>The line that says that Azurite answers, and that it saves when it is ended.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// Runs Node.js with its arguments in a session of its own, and ends. So a signal to this process's group, which is
    /// what a terminal sends, does not reach it.
    /// </summary>
    public const string Launch =
        """
        require('child_process')
          .spawn(process.execPath, process.argv.slice(1), { detached: true, windowsHide: true, stdio: 'inherit' })
          .unref();
        """;

    /// <summary>
    /// Runs Azurite until its standard input ends, or a signal comes. Azurite saves what it holds when it closes in order,
    /// but saves once: what a request that is still at work writes after that would be acknowledged and lost. So requests
    /// end first, and new ones get no answer.
    /// </summary>
    public const string Serve =
        $$"""
        console.log('{{ProcessPrefix}}' + process.pid);
        let close = () => process.exit(); // until it is ready it holds nothing
        let closing = false;
        const answering = new Set();

        const end = () => {
          if (closing) return;
          closing = true;
          process.stdin.destroy();
          setTimeout(() => process.exit(1), 25000).unref();
          const limit = Date.now() + 10000;
          const closeWhenIdle = () => answering.size > 0 && Date.now() < limit ? setTimeout(closeWhenIdle, 10) : close();
          closeWhenIdle();
        };

        const server = require('http').Server.prototype;
        const emit = server.emit;
        server.emit = function (event, request, response) {
          if (event === 'request') {
            if (closing) return request.socket.destroy();
            answering.add(response);
            response.once('close', () => answering.delete(response));
          }
          return emit.apply(this, arguments);
        };

        const once = process.once;
        process.once = (event, handler) => {
          if (event === 'SIGTERM') {
            close = handler;
            console.log('{{Ready}}');
          } else if (event !== 'SIGINT') {
            once.call(process, event, handler);
          }
          return process;
        };

        for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => {});
        for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']) process.on(signal, end);
        process.stdin.on('end', end).on('close', end).resume();
        require(process.argv[1]);
        """;
}
