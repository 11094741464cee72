using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>The form of every message between nodes is that of a golden file: an example of its bytes, and the shape of the JSON in it. Nodes of two builds of one version understand each other.</summary>
/// <remarks>When the form must change: raise WireSerializer.Version, run these tests once with AIME_GOLDEN=write, read the new file, commit it.</remarks>
public sealed class WireFormTests : TestKit
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly string s_file = Path.Combine(
        Path.GetDirectoryName(Here())!,
        "..",
        "Golden",
        string.Create(CultureInfo.InvariantCulture, $"wire-{WireSerializer.Version}.txt")
    );

    private readonly WireSerializer _serializer;

    public WireFormTests()
        : base(Systems.Wired())
    {
        _serializer = new WireSerializer((ExtendedActorSystem)Sys);
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write" && !File.Exists(s_file))
            File.WriteAllLines(
                s_file,
                Examples()
                    .Select(e => new Form(
                        _serializer.Manifest(e.Message),
                        Encoding.UTF8.GetString(_serializer.ToBinary(e.Message)),
                        ShapeOf(e.Json)
                    ))
                    .SelectMany(f => f.Lines)
            );
    }

    [Fact]
    public void The_manifests_are_those_of_the_golden_file() =>
        Examples().Select(e => _serializer.Manifest(e.Message)).ShouldBe(Golden().Select(f => f.Manifest), Advice);

    [Fact]
    public void The_shape_of_every_message_is_that_of_the_golden_file()
    {
        foreach (var (form, example) in Golden().Zip(Examples()))
            ShapeOf(example.Json).ShouldBe(form.Shape, $"{form.Manifest}: {Advice}");
    }

    [Fact]
    public void The_bytes_of_the_golden_file_are_read_and_written_the_same()
    {
        foreach (var form in Golden())
        {
            var message = _serializer.FromBinary(Encoding.UTF8.GetBytes(form.Example), form.Manifest);
            Encoding.UTF8.GetString(_serializer.ToBinary(message)).ShouldBe(form.Example, $"{form.Manifest}: {Advice}");
            _serializer.Manifest(message).ShouldBe(form.Manifest);
        }
    }

    private static string Advice =>
        $"the form of what travels between nodes has changed: raise WireSerializer.Version, and write its golden file anew (this one is {Path.GetFileName(s_file)})";

    // Of each catalogue the entries by name, and for each the example that says most.
    private static ImmutableArray<(object Message, JsonTypeInfo? Json)> Examples() =>
        [
            .. Of(FacultyMessages.All.Commands, WireSerializerTests.Examples, c => new CommandEnvelope(
                new FacultyAddress("kept-1", "self"),
                c
            )),
            .. Of(FacultyMessages.All.Effects, ScriptedRuns.Effects, e => new ModelWork(Id, "kept-1", e)),
            .. Of(FacultyMessages.All.Answers, ScriptedRuns.Commands, c => new ModelWorkDone(Id, c)),
            (new ModelWorkFailed(Id, "InvalidOperationException", "a bug\nof two lines"), null),
            (new ModelWorkDeferred(Id, "the budget\nis used up"), null),
            (new ModelWorkDeclined(Id), null),
            (new TakeUnits(new Rate("calls a minute", 600), 17), null),
            (new UnitsTaken(12), null),
        ];

    private static IEnumerable<(object Message, JsonTypeInfo? Json)> Of<T>(
        MessageCodec<T> catalogue,
        ImmutableArray<T> examples,
        Func<T, object> message
    )
        where T : class =>
        catalogue
            .Types.OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(type =>
                (
                    message(examples.Where(e => e.GetType() == type).MaxBy(e => catalogue.Write(e).Length)!),
                    (JsonTypeInfo?)catalogue.FormOf(type)
                )
            );

    private static string ShapeOf(JsonTypeInfo? json) => json is null ? "" : ShapeOf(json, []);

    // Members in order, with ? if one may be missing and |null if it may be null; each type is described once. An ignored member has no getter.
    private static string ShapeOf(JsonTypeInfo json, HashSet<Type> described) =>
        json switch
        {
            { Type.IsEnum: true } => $"{json.Type.Name}({string.Join('|', Enum.GetNames(json.Type))})",
            { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } => $"[{ShapeOf(json.Options.GetTypeInfo(element), described)}]",
            { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } element } =>
                $"{{{json.KeyType!.Name}: {ShapeOf(json.Options.GetTypeInfo(element), described)}}}",
            { Kind: JsonTypeInfoKind.Object } when !described.Add(json.Type) => json.Type.Name,
            { PolymorphismOptions: { } cases } =>
                $"{json.Type.Name}({cases.TypeDiscriminatorPropertyName} {string.Join(" | ", cases.DerivedTypes.Select(c => $"{c.TypeDiscriminator} {ShapeOf(json.Options.GetTypeInfo(c.DerivedType), described)}"))})",
            { Kind: JsonTypeInfoKind.Object } =>
                $"{json.Type.Name}{{{string.Join(", ", json.Properties.Where(p => p.Get is not null).Select(p => $"{p.Name}{(p.IsRequired ? "" : "?")}: {ShapeOf(json.Options.GetTypeInfo(p.PropertyType), described)}{(p.IsSetNullable && !p.PropertyType.IsValueType ? "|null" : "")}"))}}}",
            _ when Nullable.GetUnderlyingType(json.Type) is { } inner => $"{ShapeOf(json.Options.GetTypeInfo(inner), described)}|null",
            _ => json.Type.Name,
        };

    private static ImmutableArray<Form> Golden() =>
        [.. File.ReadAllLines(s_file).Chunk(3).Select(l => new Form(l[0], JsonSerializer.Deserialize<string>(l[1])!, l[2]))];

    private static string Here([CallerFilePath] string path = "") => path;

    private sealed record Form(string Manifest, string Example, string Shape)
    {
        public IEnumerable<string> Lines =>
            [
                Manifest,
                JsonValue
                    .Create(Example)
                    .ToJsonString(
                        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
                    ),
                Shape,
            ];
    }
}
