using System.Runtime.CompilerServices;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

/// <summary>One file for each manifest and version, kept for ever: what was written once must be read for ever, and is written the same.</summary>
/// <remarks>A new event or version: run the tests once with AIME_GOLDEN=write, read the new file, commit it. Never change an old one.</remarks>
public sealed class GoldenTests
{
    private static readonly EventCodec Catalogue = FacultyEvents.Codec;

    public static TheoryData<string> Manifests { get; } = [.. Catalogue.Manifests];

    [Theory, MemberData(nameof(Manifests))]
    public void An_event_is_written_as_ever(string manifest)
    {
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write" && !File.Exists(PathOf(manifest)))
            File.WriteAllBytes(PathOf(manifest), [.. Catalogue.Write(Example(manifest)), (byte)'\n']);
        Encoding
            .UTF8.GetString(Catalogue.Write(Catalogue.Read(manifest, Stored(manifest))))
            .ShouldBe(Encoding.UTF8.GetString(Stored(manifest)));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void A_member_too_many_or_too_few_fails_loudly(string manifest)
    {
        var text = Encoding.UTF8.GetString(Stored(manifest));
        Should.Throw<CorruptEventException>(() => Catalogue.Read(manifest, Encoding.UTF8.GetBytes("{\"unheardOf\":1," + text[1..])));
        Should.Throw<CorruptEventException>(() => Catalogue.Read(manifest, "{}"u8));
    }

    [Fact]
    public void A_given_experience_says_that_it_is_not_trained_on_and_else_is_written_as_ever()
    {
        Text(new Given("At home.", "I rested.")).ShouldBe("""{"cycle":1,"given":{"output":"At home.","reflection":"I rested."}}""");
        Text(new Given("At home.", null, Untrained: true))
            .ShouldBe("""{"cycle":1,"given":{"output":"At home.","reflection":null,"untrained":true}}""");
        Text(new Given("At home.", null, Rejected: "Guess."))
            .ShouldBe("""{"cycle":1,"given":{"output":"At home.","reflection":null,"rejected":"Guess."}}""");

        static string Text(Given given)
        {
            var bytes = Catalogue.Write(new ExperienceGiven(1, given));
            Catalogue.Read("self.given@1", bytes).ShouldBe(new ExperienceGiven(1, given));
            return Encoding.UTF8.GetString(bytes);
        }
    }

    [Fact]
    public void Every_file_is_of_a_manifest_that_can_still_be_read()
    {
        foreach (var manifest in Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension))
            Catalogue.Read(manifest!, Stored(manifest!)).ShouldNotBeNull();
    }

    [Fact]
    public void Every_version_before_the_current_one_has_an_upcast_and_a_file()
    {
        foreach (var current in Catalogue.Manifests)
        {
            var (name, version) = (
                current[..current.IndexOf('@')],
                int.Parse(current[(current.IndexOf('@') + 1)..], System.Globalization.CultureInfo.InvariantCulture)
            );
            for (var old = 1; old < version; old++)
            {
                Upcasts.All.ShouldContain(u => u.From == $"{name}@{old}", $"{current} was raised: say how {name}@{old} becomes it");
                File.Exists(PathOf($"{name}@{old}")).ShouldBeTrue($"{name}@{old} was written once: its file must never go");
            }
        }
    }

    [Fact]
    public void An_upcast_leads_one_version_on_so_that_they_chain() =>
        Upcasts.All.ShouldAllBe(u =>
            u.To == u.From.Substring(0, u.From.IndexOf('@') + 1) + (int.Parse(u.From.Substring(u.From.IndexOf('@') + 1)) + 1)
        );

    [Fact]
    public void An_old_version_is_read_as_the_current_one()
    {
        foreach (var upcast in Upcasts.All)
            Catalogue.Manifests.ShouldContain(Catalogue.ManifestOf(Catalogue.Read(upcast.From, Stored(upcast.From))));
    }

    // From an instance in memory: the last one says most, except where the last one says less.
    private static Event Example(string manifest)
    {
        if (manifest == "supervisor.shard-planned@1")
            return new ShardPlanned(Plans.TwoVariants(), new Shard(2, 3)); // that instance is not in shards
        var events = UnplannedInputTests
            .Visited()
            .RunToEnd()
            .Streams.Concat(JobWorldTests.Calm.Streams)
            .Concat(MatchedTests.Calm.Streams.Where(s => manifest == "memory.batch-drawn@1"))
            .Concat(ReviewTests.Calm.Streams.Where(_ => manifest.Contains("review", StringComparison.Ordinal)))
            .Concat(JudgeTests.Calm.Streams.Where(s => manifest is "curator.rated@1" or "curator.judging-failed@1"))
            .Concat(InterventionTests.Treated.Streams.Where(_ => manifest.StartsWith("self.policy-", StringComparison.Ordinal)))
            .SelectMany(s => s.Events)
            .Where(e => Catalogue.ManifestOf(e) == manifest)
            .ToArray();
        return Array.FindLast(events, e =>
            e
                is Stored { Recalled.IsEmpty: false, Internal: false }
                    or InputReceived { Input: Input.Told }
                    or InsightFormed { Insight: not null }
                    or Rated { Answer: JudgeAnswer.Rating }
                    or Prompted { Prompt.Parts.Length: > 4 }
        ) ?? events[^1];
    }

    private static byte[] Stored(string manifest) => File.ReadAllBytes(PathOf(manifest))[..^1];

    private static string PathOf(string manifest) => Path.Combine(Folder, manifest + ".json");

    private static string Folder => Path.Combine(Here(), "Golden");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
