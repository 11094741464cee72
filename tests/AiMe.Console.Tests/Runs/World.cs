using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary>A small world whose base model is trained once, and one run of it that nothing disturbed, to compare with and to read: of all classes of tests, which stand side by side.</summary>
public sealed class World : IAsyncLifetime
{
    private static readonly string s_root = Directory.CreateTempSubdirectory("aime-console-").FullName;
    private static readonly Lazy<Task<Left>> s_first = new(BeginAsync);
    private static int s_stores;

    static World() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Clear();

    /// <summary>The experiment.</summary>
    public string Small => SmallExperiment;

    /// <summary>The store of the undisturbed run.</summary>
    public string Store => FirstStore;

    /// <summary>What the undisturbed run printed.</summary>
    public Left First { get; private set; } = new(-1, "", "");

    /// <summary>Its digest.</summary>
    public string Digest => DigestOf(First);

    private static string SmallExperiment { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "small.yaml");

    private static string FirstStore => Path.Combine(s_root, "first");

    // A copy made when the run had ended: no process opens it, so that no log of SQLite's comes and goes while it is copied.
    private static string Untouched => Path.Combine(s_root, "untouched");

    public static string DigestOf(Left left) => JsonDocument.Parse(left.Well().Output).RootElement.GetProperty("digest").GetString()!;

    public static string RunOf(Left left) => JsonDocument.Parse(left.Well().Output).RootElement.GetProperty("run").GetString()!;

    public async Task InitializeAsync() => First = await s_first.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A directory of a test's own, empty.</summary>
    public string NewDirectory() => Directory.CreateDirectory(Path.Combine(s_root, $"d{Interlocked.Increment(ref s_stores)}")).FullName;

    /// <summary>A store that has the base model and no journal.</summary>
    public string NewStore()
    {
        var store = NewDirectory();
        Copy(Path.Combine(Untouched, "models"), Path.Combine(store, "models"));
        return store;
    }

    /// <summary>A copy of the undisturbed run's store, to be changed, or to be watched while others read the one.</summary>
    public string CopyOfStore()
    {
        var store = NewDirectory();
        Copy(Untouched, store);
        return store;
    }

    /// <summary>A folder with a copy of the small world, one file of it spoilt.</summary>
    /// <returns>The experiment's path.</returns>
    public string Spoilt(string file, string before, string after)
    {
        var folder = NewDirectory();
        foreach (var part in Directory.GetFiles(Path.GetDirectoryName(Small)!))
            File.Copy(part, Path.Combine(folder, Path.GetFileName(part)));
        var text = File.ReadAllText(Path.Combine(folder, file));
        text.ShouldContain(before);
        File.WriteAllText(Path.Combine(folder, file), text.Replace(before, after, StringComparison.Ordinal));
        return Path.Combine(folder, "small.yaml");
    }

    /// <summary><c>aime run small.yaml --json --store STORE ...</c></summary>
    public string[] Command(string store, params string[] more) => [.. CommandFor(store), .. more];

    public Task<Left> RunAsync(string store, params string[] more) => Aime.RunAsync(s_root, Command(store, more));

    /// <summary>The same as a process of its own, for a run whose end is that of its process.</summary>
    public Task<Left> RunProcessAsync(string store, params string[] more) => Aime.RunProcessAsync(s_root, Command(store, more));

    /// <summary>A reading command on the undisturbed run.</summary>
    public Task<Left> ReadAsync(params string[] arguments) => Aime.RunAsync(s_root, [.. arguments, "--store", Store]);

    public static async Task<List<string>> QueryAsync(string store, string sql)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(store, "journal.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString();
        await using SqliteConnection connection = new(text);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private static async Task<Left> BeginAsync()
    {
        var first = (await Aime.RunAsync(s_root, CommandFor(FirstStore))).Well();
        Copy(FirstStore, Untouched);
        return first;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Clear()
    {
        try
        {
            Directory.Delete(s_root, recursive: true);
        }
        catch (IOException)
        {
            // A process that a test left behind still writes: the directory stays in the system's temporary one.
        }
    }

    private static string[] CommandFor(string store) => ["run", SmallExperiment, "--json", "--store", store];
}
