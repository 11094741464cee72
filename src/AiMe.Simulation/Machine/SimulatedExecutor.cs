using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace AiMe.Simulation.Machine;

/// <summary>What the parts that Akka creates by itself stand on.</summary>
internal sealed class SimulationSetup(SimulatedThread thread) : Setup
{
    public SimulatedThread Thread => thread;
}

/// <summary>
/// Makes every dispatcher of an actor system run on its one simulated thread. Named in the system's configuration.
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
