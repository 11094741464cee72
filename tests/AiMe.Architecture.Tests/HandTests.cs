using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Architecture.Tests;

/// <summary>The hand in which the code is written, as far as a test can see it.</summary>
public sealed partial class HandTests
{
    private static readonly Assembly Faculties = typeof(Loop).Assembly;

    /// <summary>Ports, and the fold that reads through one of them.</summary>
    private static readonly string[] Ports =
    [
        "AiMe.EventSourcing/Ports.cs",
        "AiMe.EventSourcing/HostPorts.cs",
        "AiMe.EventSourcing/StreamFold.cs",
    ];

    /// <summary>Domain words that end or begin like a word for a thing without an idea.</summary>
    private static readonly Dictionary<string, string> DomainWords = new(StringComparer.Ordinal)
    {
        ["BaseModel"] = "the section of an experiment's model that says how the base model is trained",
        ["NanoBase"] = "the base model of generation 0, from which every lineage descends",
    };

    [Fact]
    public void Every_arrow_between_faculties_stands_in_the_loop() =>
        Repository
            .Sources()
            .Where(s => s.Text.Contains("new Tell(", StringComparison.Ordinal) || TypedTell().IsMatch(s.Text))
            .Select(s => s.Path)
            .ShouldBe(["AiMe.Faculties/Loop.cs"]);

    [Fact]
    public void The_loop_is_one_short_file() => LinesOf("AiMe.Faculties/Loop.cs").ShouldBeLessThan(175);

    [Fact]
    public void Five_faculties_and_a_supervisor_and_no_other() =>
        Faculties
            .GetTypes()
            .Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IDecider<,,>)))
            .Select(t => t.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["CuratorDecider", "MemoryDecider", "ReflectorDecider", "SelfDecider", "SupervisorDecider", "TrainerDecider"]);

    [Theory]
    [InlineData("AiMe.EventSourcing")]
    [InlineData("AiMe.Faculties")]
    public void A_decision_reads_no_clock_draws_no_lot_and_does_no_io(string room) =>
        Offences(room, Impure())
            .Where(o => !Ports.Any(port => o.StartsWith(port, StringComparison.Ordinal)))
            .ShouldBeEmpty("ports are promises, not deeds");

    [Theory]
    [InlineData("AiMe.EventSourcing")]
    [InlineData("AiMe.Faculties")]
    [InlineData("AiMe.Metrics")]
    [InlineData("AiMe.Nano")]
    [InlineData("AiMe.Models")]
    [InlineData("AiMe.Effects")]
    public void A_number_that_is_journalled_or_trained_uses_our_own_elementary_functions(string room) =>
        Offences(room, Transcendental()).ShouldBeEmpty();

    [Fact]
    public void No_async_is_waited_for_by_blocking() => Offences("", Blocking()).ShouldBeEmpty();

    [Fact]
    public void No_file_has_outgrown_its_idea()
    {
        var lengths = Repository.Sources().Select(s => (s.Path, Lines: LinesIn(s.Text))).ToArray();
        lengths.Where(l => l.Lines > 450).ShouldBeEmpty("a file is near 150 lines; above 450 there is a second idea in it");
        lengths.Select(l => l.Lines).Order().ElementAt(lengths.Length / 2).ShouldBeLessThan(150, "the median file");
    }

    [Fact]
    public void No_line_is_longer_than_140_bytes() =>
        Repository
            .Files("*.cs", "*.razor", "*.css", "*.csproj")
            .SelectMany(s => s.Text.Split('\n').Select((line, i) => (s.Path, Number: i + 1, Length: Encoding.UTF8.GetByteCount(line))))
            .Where(l => l.Length > 140)
            .Select(l => $"{l.Path}:{l.Number} has {l.Length}")
            .ShouldBeEmpty();

    [Fact]
    public void No_type_name_is_defined_twice() =>
        Repository
            .Sources()
            .SelectMany(s => TypeName().Matches(s.Text).Select(m => (Name: m.Groups[1].Value, Room: Path.GetDirectoryName(s.Path)!)))
            .Distinct()
            .GroupBy(t => t.Name, StringComparer.Ordinal)
            .Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} in {string.Join(" and ", g.Select(t => t.Room))}")
            .ShouldBeEmpty("one thing, one name: parts of a partial type and generic forms of a name are in one folder");

    [Fact]
    public void A_namespace_is_its_folder() =>
        Repository
            .Sources()
            .Where(s => !s.Path.StartsWith("Shared/", StringComparison.Ordinal))
            .Where(s =>
                Namespace().Match(s.Text) is { Success: true } found
                && found.Groups["name"].Value != Path.GetDirectoryName(s.Path)!.Replace('/', '.')
            )
            .Select(s => s.Path)
            .ShouldBeEmpty();

    [Fact]
    public void No_alias_is_needed_for_a_type_of_AiMe() => Offences("", Alias()).ShouldBeEmpty();

    [Fact]
    public void No_type_is_named_after_nothing() =>
        Repository
            .Sources()
            .SelectMany(s => TypeName().Matches(s.Text).Select(m => m.Groups[1].Value))
            .Where(n => Empty().IsMatch(n))
            .Except(DomainWords.Keys)
            .ShouldBeEmpty();

    [Fact]
    public void Types_are_sealed_or_static_or_closed_sets()
    {
        foreach (var type in Rooms.SelectMany(a => a.GetTypes()).Where(t => t is { IsClass: true, IsSealed: false } && !Generated(t)))
            type.IsAbstract.ShouldBeTrue($"{type.FullName} is neither sealed, static nor abstract");
    }

    [Theory]
    [InlineData(typeof(SelfCommand))]
    [InlineData(typeof(MemoryCommand))]
    [InlineData(typeof(ReflectorCommand))]
    [InlineData(typeof(CuratorCommand))]
    [InlineData(typeof(TrainerCommand))]
    [InlineData(typeof(JobCommand))]
    [InlineData(typeof(SupervisorCommand))]
    [InlineData(typeof(SelfEvent))]
    [InlineData(typeof(MemoryEvent))]
    [InlineData(typeof(ReflectorEvent))]
    [InlineData(typeof(CuratorEvent))]
    [InlineData(typeof(TrainerEvent))]
    [InlineData(typeof(JobEvent))]
    [InlineData(typeof(SupervisorEvent))]
    public void A_closed_set_stands_in_one_file_and_its_deciders_name_every_case(Type set)
    {
        var cases = Faculties.GetTypes().Where(t => t.BaseType == set).ToArray();
        cases.ShouldAllBe(
            c => c.IsSealed || c == typeof(JobCommand) || c == typeof(JobEvent),
            "but for the closed sets within a closed set, which are in this list themselves"
        );
        Repository
            .Sources("AiMe.Faculties")
            .Count(s => cases.Any(c => s.Text.Contains($"public sealed record {c.Name}(", StringComparison.Ordinal)))
            .ShouldBe(1);
        var decider = Repository
            .Sources("AiMe.Faculties")
            .Single(s => s.Path.EndsWith($"/{set.Name.Replace("Command", "").Replace("Event", "")}Decider.cs", StringComparison.Ordinal))
            .Text;
        cases.Where(c => !Regex.IsMatch(decider, $@"\b{c.Name}\b")).Select(c => c.Name).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(SelfPhase))]
    [InlineData(typeof(TrainerPhase))]
    [InlineData(typeof(Rule))]
    public void A_stored_closed_set_gives_every_case_a_name(Type set) =>
        set.GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Select(a => a.DerivedType.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Faculties.GetTypes().Where(t => t.BaseType == set).Select(t => t.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_effect_is_carried_out_by_the_world()
    {
        string[] files = ["AiMe.Effects/FacultyEffects.cs", "AiMe.Effects/Judges/JudgedEffects.cs"];
        var world = string.Concat(Repository.Sources("AiMe.Effects").Where(s => files.Contains(s.Path)).Select(s => s.Text));
        Faculties
            .GetTypes()
            .Where(t => t.BaseType == typeof(Effect))
            .Where(e => !world.Contains($"        {e.Name} e => ", StringComparison.Ordinal))
            .Select(e => e.Name)
            .ShouldBeEmpty();
        var jobs = Repository.Sources("AiMe.Effects").Single(s => s.Path == "AiMe.Effects/TrainingJobRunner.cs").Text;
        Faculties
            .GetTypes()
            .Where(t => t.BaseType == typeof(JobEffect))
            .Where(e => !jobs.Contains($"            {e.Name} e => ", StringComparison.Ordinal))
            .Select(e => e.Name)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_manifest_names_its_faculty_and_a_past_fact() => FacultyEvents.Codec.Manifests.ShouldAllBe(m => Manifest().IsMatch(m));

    private static IEnumerable<Assembly> Rooms =>
        (
            (string[])
                ["EventSourcing", "Metrics", "Nano", "Faculties", "Journal", "Corpora", "Models", "Effects", "Actors", "Simulation", "Lab"]
        ).Select(r => Assembly.Load($"AiMe.{r}"));

    private static IEnumerable<string> Offences(string room, Regex offence) =>
        from source in Repository.Sources(room)
        from line in source.Text.Split('\n').Select((text, i) => (Text: text, Number: i + 1))
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal) && offence.IsMatch(line.Text)
        select $"{source.Path}:{line.Number}: {line.Text.Trim()}";

    private static int LinesOf(string path) => LinesIn(Repository.Sources().Single(s => s.Path == path).Text);

    private static int LinesIn(string text) => text.AsSpan().Count('\n');

    private static bool Generated(Type type) =>
        type.Name.Contains('<') || type.IsNested && Generated(type.DeclaringType!) || type.IsAssignableTo(typeof(JsonSerializerContext));

    [GeneratedRegex(@"\bTell\s+\w+[^;{=]*=>?\s*new\(")]
    private static partial Regex TypedTell();

    [GeneratedRegex(
        @"DateTime(Offset)?\.(Utc)?Now|\bStopwatch\b|TimeProvider|\bRandom\.|new Random\b|Guid\.NewGuid|\bFile\.|\bDirectory\.|\bConsole\.|\bTask\b|Environment\.(?!NewLine)"
    )]
    private static partial Regex Impure();

    [GeneratedRegex(
        @"(?<!Strict)\bMathF?\.(Exp|Log|Log2|Log10|Pow|Sin|Cos|SinCos|Tan|Tanh|Sinh|Cosh|Asin|Acos|Atan|Atan2|Cbrt)\(|TensorPrimitives"
    )]
    private static partial Regex Transcendental();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|Thread\.Sleep")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) ([A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Base|Impl)$|^(Manager|Helper|Util|Base|Impl)(?![a-z])")]
    private static partial Regex Empty();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using \w+ = AiMe")]
    private static partial Regex Alias();

    [GeneratedRegex(@"^(self|memory|reflector|curator|trainer|supervisor)\.[a-z][a-z-]*@[1-9][0-9]*$")]
    private static partial Regex Manifest();
}
