using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>Hosts runs in this process.</summary>
public sealed class LocalHosting(IJournal journal, ISnapshots? snapshots, TimeProvider time) : IHosting
{
    /// <inheritdoc />
    public bool ClaimsByItself => false;

    /// <inheritdoc />
    public Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer) =>
        Task.FromResult<IRuntime>(new LocalRuntime(options, journal, snapshots, effects, observer, time));
}
