using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Runs;

/// <summary>
/// Has the run's supervisor record what the model's server refuses, so that the journal says what was sent, and later
/// sessions do not ask for it again.
/// </summary>
public sealed class ServerRefusals : IParameterRefusals
{
    // A message to another process may be lost.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private volatile Session? _session;

    /// <summary>The refusals that a run has recorded.</summary>
    public static ImmutableArray<ParameterRefusal> Of(SupervisorState run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. run.LeftOut.Select(l => new ParameterRefusal(l.Parameter, l.Instead, l.Words))];
    }

    /// <inheritdoc />
    /// <remarks>Waits until the refusal is durable. Without a session, a user asks and hosts no run: nothing is recorded.</remarks>
    public async Task RefusedAsync(ParameterRefusal refusal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (_session is not var (tell, watch, time))
            return;
        while (!watch.State.IsLeftOut(refusal.Parameter, refusal.Instead))
        {
            await tell(new LeaveOutParameter(refusal.Parameter, refusal.Instead, refusal.Words));
            using var patience = new CancellationTokenSource(AgainAfter, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            try
            {
                await watch.UntilAsync(s => s.IsLeftOut(refusal.Parameter, refusal.Instead), either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // told again
            }
        }
    }

    /// <summary>Connects a session's supervisor.</summary>
    internal void Open(Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time) =>
        _session = new Session(tell, watch, time);

    private sealed record Session(Func<SupervisorCommand, ValueTask> Tell, SessionWatch Watch, TimeProvider Time);
}
