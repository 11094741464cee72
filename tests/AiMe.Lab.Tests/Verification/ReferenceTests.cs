using System.Text;
using System.Text.RegularExpressions;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Verification;

/// <summary>What <c>verify</c> must know of every event: which blobs it names, and whether it is an anchor. A new event that is forgotten fails here.</summary>
public sealed partial class ReferenceTests
{
    public static TheoryData<string> Types { get; } = [.. FacultyEvents.Codec.Types.Select(t => t.Name)];

    [Theory, MemberData(nameof(Types))]
    public void An_event_type_that_carries_heads_is_known_as_an_anchor(string type)
    {
        var found = FacultyEvents.Codec.Types.Single(t => t.Name == type);
        var carries = found.GetProperties().Any(p => p.PropertyType == typeof(Heads));
        var known = new[]
        {
            typeof(Stored),
            typeof(Probed),
            typeof(Forked),
            typeof(InstanceAdvanced),
            typeof(InstanceFinished),
            typeof(InputAnswered),
            typeof(InputWithdrawn),
            typeof(InstanceForked),
        }.Contains(found);
        known.ShouldBe(carries, "add it to Anchors, and here");
    }

    [Theory, MemberData(nameof(Types))]
    public void Every_digest_in_an_event_s_written_form_is_a_reference_or_known_to_be_none(string type)
    {
        var manifest = FacultyEvents.Codec.Manifests.Single(m =>
            FacultyEvents.Codec.Types.ElementAt(FacultyEvents.Codec.Manifests.ToList().IndexOf(m)).Name == type
        );
        var golden = Path.Combine(Repository.Config, "..", "tests", "AiMe.Faculties.Tests", "Golden", $"{manifest}.json");
        // The examples name their models and batches in words; as digests they are what a real instance writes.
        var example = File.ReadAllText(golden).TrimEnd();
        // a server's names of its models are no digests
        var written =
            type == nameof(ServerIdentified)
                ? example
                : ModelsAndParts().Replace(example, m => m.Groups[1].Value + "\"" + Digest(m.Groups[2].Value) + "\"");
        written = Parts()
            .Replace(written, m => Text().Replace(m.Value, t => t.Value == "\"parts\"" ? t.Value : "\"" + Digest(t.Value) + "\""));
        if (type == nameof(Planned))
            written = Start().Replace(written, m => $"\"start\":\"{Digest(m.Groups[1].Value)}\""); // elsewhere a word: from where a training starts
        var references = new BlobReferences();
        references.Take(default, FacultyEvents.Codec.Read(manifest, Encoding.UTF8.GetBytes(written)));
        Digests()
            .Matches(written)
            .Select(m => m.Value)
            .Where(d => !written.Contains($"\"digest\":\"{d}\"", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(references.All.Select(r => r.Sha256).Order(StringComparer.Ordinal), "add it to BlobReferences");
    }

    private static string Digest(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    [GeneratedRegex("(\"(?:model|replaced|base|candidate|champion|batch|anchor|corpus)\":)\"([^\"]*)\"")]
    private static partial Regex ModelsAndParts();

    [GeneratedRegex("\"parts\":\\[\"[^\\]]*\\]")]
    private static partial Regex Parts();

    [GeneratedRegex("\"start\":\"([^\"]*)\"")]
    private static partial Regex Start();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex Digests();
}
