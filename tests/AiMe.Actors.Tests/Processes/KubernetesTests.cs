using System.Diagnostics;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;

namespace AiMe.Actors.Tests.Processes;

/// <summary>
/// Nodes find each other through the Kubernetes API. Each process sees the files and the variables of a container, and
/// has an address of its own in 127.0.0.0/8; the API is a stub.
/// </summary>
public sealed class KubernetesTests(World world) : IClassFixture<World>
{
    // No node starts before two are members, so a run that ends shows that there was one cluster.
    private const string Two = """
        akka.cluster { min-nr-of-members = 2, gossip-interval = 200ms, leader-actions-interval = 200ms }
        akka.management.cluster.bootstrap.contact-point-discovery.stable-margin = 1s
        akka.management.cluster.bootstrap.contact-point.probe-interval = 500ms
        """;

    [SlowFact]
    public async Task Two_pods_that_the_API_lists_form_one_cluster_and_give_the_digest_of_one_process()
    {
        Skip.IfNot(CanMount(), "a directory cannot be put at /var/run/secrets here: that takes Linux, root and the program unshare");
        await using var api = await KubernetesApiStub.StartAsync(
            new Pod("127.0.0.12", "aime"),
            new Pod("127.0.0.13", "aime"),
            new Pod("127.0.0.14", "aime", Phase: "Succeeded"),
            new Pod("127.0.0.15", "another")
        );
        var (store, account) = (world.NewStore(), world.NewDirectory());
        api.WriteAccount(account);
        var config = Path.Combine(account, "two.conf");
        await File.WriteAllTextAsync(config, Two);
        var nodes = ((string[])["127.0.0.12", "127.0.0.13"]).Select(ip => Start($"{ip}:0")).ToArray();
        try
        {
            foreach (var node in nodes)
                World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        }
        finally
        {
            foreach (var node in nodes)
                node.Dispose();
        }

        api.Refused.ShouldBeEmpty();
        api.Selectors.Distinct(StringComparer.Ordinal).ShouldBe(["app=aime"]);
        (await Aime.RunAsync(store, ["verify", "--store", store])).Well();

        Aime Start(string at) =>
            Aime.StartUnder(
                InContainer(account),
                store,
                world.Command(store, "--node", at, "--discovery", "kubernetes:app=aime", "--akka-config", config),
                api.Environment
            );
    }

    // The process sees the account's files where a container has them, and nothing else of this machine changes.
    private static string[] InContainer(string account) =>
        [
            "unshare",
            "--mount",
            "sh",
            "-c",
            """mount -t tmpfs none /var/run && mkdir -p /var/run/secrets/kubernetes.io && ln -s "$0" /var/run/secrets/kubernetes.io/serviceaccount && exec "$@" """,
            account,
        ];

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/usr/bin/unshare"))
            return false;
        using var tried = Process.Start("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/var/run"]);
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }
}
