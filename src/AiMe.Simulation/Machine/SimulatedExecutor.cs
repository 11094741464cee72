using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace AiMe.Simulation.Machine;

/// <summary>Passes the thread to the parts that Akka creates itself.</summary>
internal sealed class SimulationSetup(SimulatedThread thread) : Setup
{
    public SimulatedThread Thread => thread;
}

/// <summary>
/// Runs every dispatcher of an actor system on one simulated thread. The system's configuration names it.
/// </summary>
internal sealed class SimulatedExecutor(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) =>
        new OneThread(id, Prerequisites.Settings.Setup.Get<SimulationSetup>().Value.Thread);

    private sealed class OneThread(string id, SimulatedThread thread) : ExecutorService(id)
    {
        public override void Execute(IRunnable run) => thread.Add(run);

        public override void Shutdown() { }
    }
}
