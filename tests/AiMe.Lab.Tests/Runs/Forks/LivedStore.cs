using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Lab.Tests.Runs.Forks;

/// <summary>A store of its own in which a scripted run went to its end.</summary>
internal sealed class LivedStore : IAsyncDisposable
{
    public const string Parent = "kept-1";

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-forks-").FullName;

    public RunPlan Plan { get; private init; } = Faculties.Tests.Plans.TwoVariants(replicates: 1, stimuli: 5);

    public EventStore Store { get; private set; } = null!;

    public IEffects Effects { get; } = new Scripted();

    // The run of the default plan goes to its end once; every test opens a copy.
    private static readonly Lazy<Task<LivedStore>> s_made = new(MakeAsync);

    static LivedStore() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (s_made is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                Directory.Delete(s_made.Value.Result._directory, recursive: true);
        };

    public static async Task<LivedStore> OpenAsync()
    {
        var made = (await s_made.Value)._directory;
        var lived = new LivedStore();
        foreach (var file in Directory.GetFiles(made, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(lived._directory, Path.GetRelativePath(made, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await lived.OpenStoreAsync();
        return lived;
    }

    public static Task<LivedStore> OpenAsync(RunPlan plan) => RunAsync(new LivedStore { Plan = plan });

    private static async Task<LivedStore> MakeAsync()
    {
        var made = await RunAsync(new LivedStore());
        await made.Store.DisposeAsync();
        return made;
    }

    private async Task OpenStoreAsync() =>
        Store = await EventStore.OpenAsync(_directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None);

    private static async Task<LivedStore> RunAsync(LivedStore lived)
    {
        await lived.OpenStoreAsync();
        await RunHost.RunAsync(
            lived.Plan,
            lived.Store,
            lived.Effects,
            new SessionOptions(2),
            new Quiet(),
            TimeProvider.System,
            CancellationToken.None,
            CancellationToken.None
        );
        return lived;
    }

    public async Task<SupervisorState> StateAsync() =>
        (await InstanceReader.ReadRunAsync(Store.Journal, Plan.Run, CancellationToken.None))!;

    public async Task<ImmutableArray<InstanceEvent>> InstanceAsync(string instance) =>
        await InstanceReader.ReadAsync(Store.Journal, await StateAsync(), instance, CancellationToken.None);

    /// <summary>What is asked of an instance at an event: with nothing changed unless told otherwise.</summary>
    public async Task<ForkOrder> OrderAsync(
        long index,
        string parent = Parent,
        string? name = null,
        int replicates = 0,
        params string[] sets
    )
    {
        var spec = (await InstanceAsync(parent))
            .TakeWhile(e => e.Index <= index)
            .Aggregate(InstancePosition.Start, (p, e) => p.Next(e.Happened))
            .Self.Spec!;
        return new ForkOrder(parent, index, spec.Settings, ForkReader.Read(sets, Plan, spec).Settings!, name, replicates);
    }

    public async Task<ImmutableArray<ForkRequest>> MakeAsync(ForkOrder order) =>
        (await ForkHost.MakeAsync(Plan, Store, order, TimeProvider.System, CancellationToken.None)).Made;

    public Task<bool> LiveAsync(params ImmutableArray<string> forks) =>
        ForkHost.LiveAsync(
            Plan,
            Store,
            Effects,
            new SessionOptions(Parallel: 2),
            forks,
            new Quiet(),
            TimeProvider.System,
            CancellationToken.None,
            CancellationToken.None
        );

    /// <summary>All rows of an instance as they are stored, without where they stand in the journal and when they were written.</summary>
    public async Task<ImmutableArray<string>> RowsAsync(string instance)
    {
        var rows = ImmutableArray.CreateBuilder<string>();
        foreach (var faculty in Loop.Faculties)
        {
            await foreach (
                var row in Store.Journal.ReadAsync(
                    PersistenceId.Of(Plan.Run, new FacultyAddress(instance, faculty.Name)),
                    1,
                    long.MaxValue,
                    CancellationToken.None
                )
            )
                rows.Add($"{faculty.Name} {row.SequenceNumber} {row.Manifest} {Convert.ToHexString(row.Message.Span)}");
        }

        return rows.ToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Scripted : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            Task.FromResult(Script.Answer(instance, effect));
    }

    internal sealed class Quiet : IRuntimeObserver
    {
        public void Happened(string instance, string faculty, Event happened) { }

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
    }
}
