using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Akka.Management.Cluster.Bootstrap;
using Akka.Management.Cluster.Bootstrap.ContactPoint;
using Akka.Management.Dsl;
using Newtonsoft.Json;

namespace AiMe.Actors.Clustering;

/// <summary>Forms a cluster of pods, with Akka.Management's Cluster Bootstrap over the Kubernetes API.</summary>
/// <remarks>
/// Nodes ask each other over HTTP which cluster they are in. If none is in one, the pod with the lowest address starts
/// it. No other class names Akka.Management, so that other nodes load nothing of it.
/// </remarks>
internal static class PodBootstrap
{
    /// <summary>The port at which a node answers the others, at its own address.</summary>
    public const int Port = 8558;

    private const string Path = "/bootstrap/seed-nodes";
    private const int NodesAtMost = 5;

    /// <summary>Adds the bootstrap, which begins when the system has started.</summary>
    public static AkkaConfigurationBuilder WithPodBootstrap(this AkkaConfigurationBuilder builder, string host, PodOptions pods)
    {
        var bootstrap = new ClusterBootstrapOptions();
        bootstrap.ContactPoint.FallbackPort = Port;
        bootstrap.ContactPointDiscovery.RequiredContactPointsNr = pods.ContactPoints;
        bootstrap.ContactPointDiscovery.EffectiveName = pods.Selector;
        return builder
            .AddHocon(
                $"akka.discovery {{ method = aime-pods, aime-pods.class = \"{typeof(PodDiscovery).FullName}, AiMe.Actors\" }}",
                HoconAddMode.Prepend
            )
            .WithClusterBootstrap(bootstrap, autoStart: false)
            .AddStartup((system, _) => StartAsync(system, host));
    }

    private static async Task StartAsync(ActorSystem system, string host)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        var endpoint = Open(cluster, host);
        system.RegisterOnTermination(endpoint.Dispose);
        var bootstrap = ClusterBootstrap.Get(system);
        // Tells it this node's address. Akka.Management's own server for the route does not run with every version of Ceen.Httpd.
        bootstrap.Routes(ManagementRouteProviderSettings.Create(new Uri($"http://{host}:{Port}"), readOnly: true));
        await bootstrap.Start();
    }

    private static HttpEndpoint Open(Akka.Cluster.Cluster cluster, string host)
    {
        try
        {
            return HttpEndpoint.Open(host, Port, (path, _) => Task.FromResult(path == Path ? Answer(cluster) : null));
        }
        catch (SocketException e)
        {
            throw new SocketException(
                (int)e.SocketErrorCode,
                $"{host}:{Port}, where other pods ask for the cluster, cannot be opened: {e.Message}"
            );
        }
    }

    // What Akka.Management's own route answers: the reachable members that stay.
    private static HttpAnswer Answer(Akka.Cluster.Cluster cluster)
    {
        var (self, state) = (cluster.SelfMember, cluster.State);
        var members = self.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up
            ? state
                .Members.Except(state.Unreachable)
                .Where(m => m.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up)
                .Take(NodesAtMost)
            : [];
        return new HttpAnswer(
            HttpStatusCode.OK,
            JsonConvert.SerializeObject(
                new HttpBootstrapJsonProtocol.SeedNodes(
                    self.Address,
                    [.. members.Select(m => new HttpBootstrapJsonProtocol.ClusterMember(m.Address, m.UniqueAddress.Uid, m.Status, m.Roles))]
                )
            )
        );
    }
}
