using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;

namespace AiMe.Lab.Runs;

/// <summary>
/// Has the run's supervisor record what the model's server refuses, so that the journal says what was sent, and later
/// sessions do not ask for it again; and what the server says of itself.
/// </summary>
public sealed class ServerRefusals : IParameterRefusals, IServerIdentities
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
    /// <remarks>
    /// Waits until the refusal is durable. Without a session, a user asks and hosts no run: nothing is recorded.
    /// </remarks>
    /// <exception cref="StaysOwedException">The session is closed.</exception>
    public async Task RefusedAsync(ParameterRefusal refusal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (_session is { } session)
            await session.Reservation.WhileOpenAsync(
                open =>
                    session.RecordAsync(
                        run => run.IsLeftOut(refusal.Parameter, refusal.Instead),
                        new LeaveOutParameter(refusal.Parameter, refusal.Instead, refusal.Words),
                        open
                    ),
                cancellationToken
            );
    }

    /// <inheritdoc />
    /// <remarks>As for a refusal.</remarks>
    /// <exception cref="StaysOwedException">The session is closed.</exception>
    public async Task IdentifiedAsync(ServerIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ServerIdentified server = new(identity.Model, identity.Echo, identity.Fingerprint, identity.Engine);
        if (_session is { } session)
            await session.Reservation.WhileOpenAsync(
                open =>
                    session.RecordAsync(
                        run => run.Knows(server),
                        new IdentifyServer(server.Model, server.Echo, server.Fingerprint, server.Engine),
                        open
                    ),
                cancellationToken
            );
    }

    /// <summary>Connects a session's supervisor.</summary>
    /// <param name="reservation">Knows whether the session is still open.</param>
    internal void Open(BudgetReservation reservation, Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time) =>
        _session = new Session(reservation, tell, watch, time);

    private sealed record Session(
        BudgetReservation Reservation,
        Func<SupervisorCommand, ValueTask> Tell,
        SessionWatch Watch,
        TimeProvider Time
    )
    {
        public async Task RecordAsync(
            Func<SupervisorState, bool> isRecorded,
            SupervisorCommand command,
            CancellationToken cancellationToken
        )
        {
            while (!isRecorded(Watch.State))
            {
                await Tell(command);
                using var patience = new CancellationTokenSource(AgainAfter, Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
                try
                {
                    await Watch.UntilAsync(isRecorded, either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // told again
                }
            }
        }
    }
}
