using AiMe.Console.Tests.Runs;
using AiMe.Hosts;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Three nodes with addresses of their own, of which one is cut off from the others, but not from the database.</summary>
public sealed class PartitionTests(World world) : IClassFixture<World>
{
    [SlowTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_is_cut_off_ends_by_itself_and_the_others_give_the_digest_of_one_process(bool withTheSupervisor)
    {
        using var network = NetworkNamespaces.TryMake(3);
        Skip.If(network is null, NetworkNamespaces.Missing);
        await using var cluster = await Cluster.StartAsync(
            world,
            hosts: [.. Enumerable.Range(0, 3).Select(NetworkNamespaces.AddressOf)],
            socket: true,
            launch: (i, directory, line) => Aime.StartIn(network!.NameOf(i), directory, line)
        );
        var supervisor = await cluster.SupervisorAsync();
        var cut = withTheSupervisor ? supervisor : (supervisor + 1) % 3;
        network!.Cut(cut);

        var left = await cluster.Nodes[cut].EndAsync();
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain("The cluster has shut this node out");
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes.Where((_, i) => i != cut))
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }
}
