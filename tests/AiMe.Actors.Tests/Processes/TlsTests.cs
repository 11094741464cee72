using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Nodes with mutual TLS, as config/cluster/tls.conf sets it up.</summary>
public sealed class TlsTests(World world) : IClassFixture<World>
{
    private static readonly string Settings = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tls.conf"));

    [SlowFact]
    public async Task Nodes_with_certificates_of_one_authority_give_the_digest_of_one_process()
    {
        using var ours = new Authority("ours");
        await using var cluster = await Cluster.StartAsync(world, settings: Cluster.Three + Settings, launch: (i, directory, line) =>
            Aime.Start(directory, line, ours.Environment(directory, $"node{i}"))
        );
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes)
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task A_node_with_a_certificate_of_another_authority_is_refused_and_hosts_nothing()
    {
        using var ours = new Authority("ours");
        using var others = new Authority("others");
        await using var cluster = await Cluster.StartAsync(
            world,
            settings: Cluster.Three + Settings,
            count: 2,
            launch: (i, directory, line) => Aime.Start(directory, line, ours.Environment(directory, $"node{i}"))
        );
        string[] line = [.. cluster.Lines[0]];
        line[Array.IndexOf(line, "--node") + 1] = $"127.0.0.1:{Cluster.FreePorts(1)[0]}";
        // It trusts everybody whom the others trust; they do not trust it.
        using var intruder = Aime.Start(
            cluster.Directory,
            line,
            [
                .. others.Environment(cluster.Directory, "intruder").Where(e => !e.StartsWith("SSL_CERT_FILE", StringComparison.Ordinal)),
                ours.Trust(cluster.Directory),
            ]
        );
        await intruder.LineAsync("TLS handshake failed");
        (await cluster.TextAsync($"SELECT count(*) FROM aime_owner WHERE process_id = {intruder.Id}")).ShouldBe("0");
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes)
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
    }

    /// <summary>Signs certificates.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);
        private readonly X509Certificate2 _root;

        public Authority(string name)
        {
            var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(
                new X509BasicConstraintsExtension(
                    certificateAuthority: true,
                    hasPathLengthConstraint: false,
                    pathLengthConstraint: 0,
                    critical: true
                )
            );
            _root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        }

        public string[] Environment(string directory, string node)
        {
            var (file, empty) = (
                Path.Combine(directory, $"{node}.p12"),
                Directory.CreateDirectory(Path.Combine(directory, "no-authorities")).FullName
            );
            File.WriteAllBytes(file, NodeCertificate(node));
            return [$"AIME_TLS_CERTIFICATE={file}", "AIME_TLS_PASSWORD=secret", $"SSL_CERT_DIR={empty}", Trust(directory)];
        }

        public string Trust(string directory)
        {
            var file = Path.Combine(directory, $"{_root.Thumbprint}.pem");
            File.WriteAllText(file, _root.ExportCertificatePem());
            return $"SSL_CERT_FILE={file}";
        }

        public void Dispose()
        {
            _root.Dispose();
            _key.Dispose();
        }

        private byte[] NodeCertificate(string name)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false)
            ); // server, client
            using var signed = request.Create(
                _root,
                new DateTimeOffset(_root.NotBefore),
                new DateTimeOffset(_root.NotAfter),
                RandomNumberGenerator.GetBytes(8)
            );
            using var whole = signed.CopyWithPrivateKey(key);
            return whole.Export(X509ContentType.Pkcs12, "secret");
        }
    }
}
