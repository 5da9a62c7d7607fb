using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Replay;

/// <summary>
/// Brings an orchestrator to where its history ends, and on with what has come since. The function is started from its
/// beginning each time; it gets its history's answers in its history's order, so it does again what it did, and each
/// turn is checked to have asked for exactly what it asked for then.
/// </summary>
internal sealed class Replayer(
    FunctionCatalog catalog, FunctionInvoker invoker, IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <param name="row">The instance.</param>
    /// <param name="start">What the run began with.</param>
    /// <param name="turns">The run's history.</param>
    /// <param name="received">What has come since; null replays the history and nothing else.</param>
    /// <param name="now">The clock of the new turn.</param>
    /// <param name="stopping">Reaches the function as its cancellation token.</param>
    public async Task<ReplayOutcome> RunAsync(
        InstanceRow row, RunStart start, IReadOnlyList<Turn> turns, IReadOnlyList<HistoryEvent>? received, DateTime now, CancellationToken stopping)
    {
        if (catalog.Get(FunctionKind.Orchestrator, row.Name) is not { } function)
        {
            var missing = Ending.Failed(new InvalidOperationException($"The function '{row.Name}' doesn't exist, or is not an orchestrator."));
            return new ReplayOutcome { NewTurn = new Turn(now, received ?? [], []), Ending = missing };
        }

        await using var scope = scopes.CreateAsyncScope();
        return new Replay(row, start, function, invoker, scope.ServiceProvider, loggers, stopping).Run(turns, received, now);
    }

    /// <summary>One replay, on one thread, from the first to the last turn.</summary>
    private sealed class Replay
    {
        private readonly InstanceRow _row;
        private readonly FunctionInvoker _invoker;
        private readonly OrchestratorThread _thread = new();
        private readonly OrchestrationContext _context;
        private readonly LocalFunctionContext _invocation;
        private Task? _orchestrator;

        public Replay(
            InstanceRow row,
            RunStart start,
            LocalFunction function,
            FunctionInvoker invoker,
            IServiceProvider services,
            ILoggerFactory loggers,
            CancellationToken stopping)
        {
            _row = row;
            _invoker = invoker;
            _context = new OrchestrationContext(row.InstanceId, start.Input, _thread, loggers);
            _invocation = new LocalFunctionContext(function, services, stopping) { Orchestration = _context };
        }

        public ReplayOutcome Run(IReadOnlyList<Turn> turns, IReadOnlyList<HistoryEvent>? received, DateTime now)
        {
            try
            {
                for (var i = 0; i < turns.Count; i++)
                {
                    RunTurn(turns[i].At, turns[i].Received, replaying: true, out _);
                    CheckActions(i, turns[i].Actions, _context.TakeActions());
                }

                if (turns.Count > 0 && _orchestrator!.IsCompleted)
                    throw Diverged($"After {turns.Count} turns its history goes on, and its code has ended");
            }
            catch (NonDeterministicOrchestrationException e)
            {
                return new ReplayOutcome { NewTurn = new Turn(now, [], []), Ending = Ending.Failed(e) };
            }

            return received is null ? Outcome(null, null) : RunNewTurn(received, now);
        }

        private ReplayOutcome RunNewTurn(IReadOnlyList<HistoryEvent> received, DateTime now)
        {
            var seen = RunTurn(now, received, replaying: false, out var unseen);
            var ending = seen is [.., { Kind: EventKind.Terminated }] ? null : EndingOf(unseen);

            // A run that has ended has ended; but termination is not escaped by beginning anew.
            var terminated = received.FirstOrDefault(e => e.Kind == EventKind.Terminated);
            if (terminated is not null && (ending is null || ending.IsNextRun))
                ending = new Ending(OrchestrationRuntimeStatus.Terminated, terminated.Payload);
            return Outcome(new Turn(now, seen, _context.TakeActions()), ending);
        }

        private ReplayOutcome Outcome(Turn? turn, Ending? ending) => new()
        {
            NewTurn = turn,
            Open = ending is null ? [.. _context.Open] : [],
            CustomStatus = ending?.IsNextRun == true ? null : _context.CustomStatus,
            Ending = ending,
        };

        /// <returns>What the orchestrator has seen of it: not what nothing waits for, and not what comes after its end.</returns>
        private List<HistoryEvent> RunTurn(DateTime at, IReadOnlyList<HistoryEvent> received, bool replaying, out List<HistoryEvent> unseen)
        {
            var seen = new List<HistoryEvent>();
            unseen = [];
            _context.BeginTurn(at, replaying);
            if (_orchestrator is null)
                _thread.Run(() => _orchestrator = _invoker.InvokeAsync(_invocation));

            foreach (var next in received)
            {
                if (_orchestrator!.IsCompleted || seen is [.., { Kind: EventKind.Terminated }])
                {
                    unseen.Add(next);
                }
                else if (next.Kind == EventKind.Terminated)
                {
                    seen.Add(next);
                }
                else
                {
                    _thread.Run(() =>
                    {
                        if (_context.Receive(next))
                            seen.Add(next);
                    });
                }
            }

            return seen;
        }

        private Ending? EndingOf(List<HistoryEvent> unseen)
        {
            if (!_orchestrator!.IsCompleted)
            {
                // Nothing of ours can ever bring it on: it awaits something else, as a middleware that does I/O would.
                return _thread.WasLeft || !_context.WaitsForSomething
                    ? Ending.Failed(new InvalidOperationException(
                        $"The orchestrator '{_row.Name}'{(_context.WasUsed ? "" : ", or a middleware around it,")} awaits something other than the tasks of its context."))
                    : null;
            }

            if (_orchestrator.IsFaulted)
                return Ending.Failed(_orchestrator.Exception!.InnerException!);
            if (_orchestrator.IsCanceled)
                return Ending.Failed(new TaskCanceledException(_orchestrator));
            if (_context.Next is not var (input, keep))
                return Completed();

            return new Ending(OrchestrationRuntimeStatus.Running, input)
            {
                Kept = keep ? [.. _context.Events.Unclaimed, .. unseen.Where(e => e.Kind == EventKind.EventRaised)] : [],
            };
        }

        private Ending Completed()
        {
            try
            {
                return new Ending(OrchestrationRuntimeStatus.Completed, DurableJson.Write(_invocation.Result));
            }
            catch (Exception e)
            {
                // Whatever the app's own types do when they are written.
                return Ending.Failed(e);
            }
        }

        private void CheckActions(int turn, IReadOnlyList<HistoryEvent> recorded, List<HistoryEvent> asked)
        {
            for (var i = 0; i < Math.Max(recorded.Count, asked.Count); i++)
            {
                var was = i < recorded.Count ? recorded[i] : null;
                var now = i < asked.Count ? asked[i] : null;
                if (was is null || now is null || !IsSame(was, now))
                {
                    throw Diverged($"In turn {turn + 1} its history holds {was?.Describe() ?? "no further call"}, and its code now makes " +
                        (now?.Describe() ?? "none"));
                }
            }
        }

        private static bool IsSame(HistoryEvent was, HistoryEvent now) =>
            was.Kind == now.Kind && was.Id == now.Id && was.InstanceId == now.InstanceId &&
            string.Equals(was.Name, now.Name, StringComparison.OrdinalIgnoreCase);

        private NonDeterministicOrchestrationException Diverged(string where) => new(
            $"The orchestrator '{_row.Name}' is not deterministic, or its code was changed while it ran. {where}.");
    }
}
