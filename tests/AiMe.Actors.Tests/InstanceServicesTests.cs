using AiMe.EventSourcing;

namespace AiMe.Actors.Tests;

/// <summary>Who writes, and how long an instance rests before it leaves memory.</summary>
public sealed class InstanceServicesTests
{
    [Fact]
    public void On_a_host_that_instances_never_leave_all_write_under_one_id()
    {
        var services = Services(moving: false);
        Enumerable.Range(0, 5).Select(_ => services.NewWriter()).Distinct().ShouldBe([new WriterId("w1")]);
    }

    [Fact]
    public void On_a_node_each_incarnation_writes_under_an_id_of_its_own_which_is_none_of_Akka_Persistence_Sql()
    {
        var services = Services(moving: true);
        WriterId[] writers = [.. Enumerable.Range(0, 2000).Select(_ => services.NewWriter())];
        writers.Distinct().Count().ShouldBe(2000);
        writers.ShouldAllBe(w => !w.IsOfAkkaSql);
    }

    [Fact]
    public void The_more_instances_are_in_memory_the_shorter_each_rests()
    {
        var services = Services(moving: false);
        services.Lifecycle.AddResident(1_000);
        services.PassivateAfter.ShouldBe(TimeSpan.FromMinutes(1));
        services.Lifecycle.AddResident(1_000);
        services.PassivateAfter.ShouldBe(TimeSpan.FromSeconds(30));
    }

    private static InstanceServices Services(bool moving) =>
        new(Systems.Options, null!, new Watcher(), TimeProvider.System, new HostLifecycle()) { InstancesMove = moving };
}
