using System.Reflection;
using System.Xml.Linq;

namespace AiMe.Architecture.Tests;

/// <summary>Which room sees which.</summary>
public sealed class RoomTests
{
    /// <summary>Loaded by name if an experiment asks for it, with its packages beside it.</summary>
    private const string OnDemand = "MiniLm";

    /// <summary>Each room and exactly the rooms that its project names.</summary>
    /// <remarks>
    /// The Lab composes the Actors: it carries out a plan, and the console only parses, calls and prints. A room that does not exist
    /// yet stands here already, so that it is born with the right directions.
    /// </remarks>
    private static readonly Dictionary<string, string[]> Rooms = new(StringComparer.Ordinal)
    {
        ["EventSourcing"] = [],
        ["Metrics"] = [],
        ["Nano"] = [],
        ["Faculties"] = ["EventSourcing"],
        ["Journal"] = ["EventSourcing"],
        ["Corpora"] = ["Nano"],
        [OnDemand] = ["Nano"],
        ["Models"] = ["Corpora", "Nano"],
        ["Serve"] = ["Models"],
        ["Effects"] = ["Metrics", "Faculties", "Models"],
        ["VectorStores"] = ["Effects"],
        ["Actors"] = ["Journal", "EventSourcing", "Faculties"],
        ["Lab"] = ["Actors", "Effects", "Journal", "Metrics", "Faculties", "VectorStores"],
        ["Simulation"] = ["Actors", "Journal", "EventSourcing", "Faculties"],
        ["Web"] = ["Lab"],
        ["Console"] = ["Actors", "Lab", "Serve", "Simulation", "Web"],
    };

    public static TheoryData<string> Projects { get; } =
    [
        .. Directory
            .GetDirectories(Path.Combine(Repository.Root, "src"), "AiMe.*")
            .Select(d => Path.GetFileName(d)["AiMe.".Length..])
            .Where(r => Rooms.ContainsKey(r))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_room_has_its_place_in_the_table() =>
        Directory
            .GetDirectories(Path.Combine(Repository.Root, "src"), "AiMe.*")
            .Select(d => Path.GetFileName(d)["AiMe.".Length..])
            .Except(Rooms.Keys)
            .ShouldBeEmpty();

    [Theory, MemberData(nameof(Projects))]
    public void A_project_names_exactly_the_rooms_it_may_see(string room) =>
        XDocument
            .Load(Path.Combine(Repository.Root, "src", $"AiMe.{room}", $"AiMe.{room}.csproj"))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)["AiMe.".Length..])
            .Order(StringComparer.Ordinal)
            .ShouldBe(Rooms[room].Order(StringComparer.Ordinal));

    [Fact]
    public void No_program_brings_the_room_that_is_loaded_on_demand() => Rooms.Values.ShouldAllBe(seen => !seen.Contains(OnDemand));

    public static TheoryData<string> BuiltRooms { get; } = [.. Rooms.Keys.Where(r => r != OnDemand).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(BuiltRooms))]
    public void A_built_room_refers_to_nothing_beyond_what_those_rooms_see(string room) =>
        Assembly
            .Load(NameOf(room))
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(a => a.StartsWith("AiMe.", StringComparison.Ordinal))
            .Except(Reach(room).Select(NameOf))
            .ShouldBeEmpty($"{room} sees {string.Join(", ", Rooms[room])}");

    [Theory]
    [InlineData("EventSourcing")]
    [InlineData("Nano")]
    [InlineData("Faculties")]
    public void The_pure_rooms_need_no_package(string room) =>
        XDocument
            .Load(Path.Combine(Repository.Root, "src", $"AiMe.{room}", $"AiMe.{room}.csproj"))
            .Descendants("PackageReference")
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Akka", "AiMe.Actors,AiMe.Simulation")]
    [InlineData("Spectre", "AiMe.Console")]
    [InlineData("MathNet", "AiMe.Metrics")]
    [InlineData("YamlDotNet", "AiMe.Corpora,AiMe.Lab")]
    [InlineData("Microsoft.Data.Sqlite", "AiMe.Journal")]
    [InlineData("Npgsql", "AiMe.Journal,AiMe.VectorStores")]
    [InlineData("Pgvector", "AiMe.VectorStores")]
    [InlineData("Qdrant", "AiMe.VectorStores")]
    [InlineData("Grpc", "AiMe.VectorStores")]
    [InlineData("OpenAI", "AiMe.Models")]
    [InlineData("System.ClientModel", "AiMe.Models")]
    [InlineData("Parquet", "AiMe.Lab")]
    [InlineData("OpenTelemetry", "AiMe.Console")]
    [InlineData("SkiaSharp", "AiMe.Web")]
    [InlineData("Microsoft.AspNetCore", "AiMe.Serve,AiMe.Web")]
    [InlineData("Microsoft.ML", "AiMe.MiniLm")]
    public void A_package_is_named_in_its_own_room_alone(string package, string rooms) =>
        Repository
            .Sources()
            .Where(s => s.Text.Contains($"using {package}", StringComparison.Ordinal))
            .Select(s => s.Path.Split('/')[0])
            .Distinct()
            .Except(rooms.Split(','))
            .ShouldBeEmpty();

    private static IEnumerable<string> Reach(string room) => Rooms[room].SelectMany(r => Reach(r).Prepend(r)).Distinct();

    private static string NameOf(string room) => room == "Console" ? "aime" : $"AiMe.{room}";
}
