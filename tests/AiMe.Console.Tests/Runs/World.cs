using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary>A small world whose base model is trained once, and one run of it that nothing disturbed, to compare with and to read.</summary>
public sealed class World : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("aime-console-").FullName;
    private int _stores;

    /// <summary>The experiment.</summary>
    public string Small { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "small.yaml");

    /// <summary>The store of the undisturbed run.</summary>
    public string Store { get; private set; } = "";

    /// <summary>What the undisturbed run printed.</summary>
    public Left First { get; private set; } = new(-1, "", "");

    /// <summary>Its digest.</summary>
    public string Digest => DigestOf(First);

    public static string DigestOf(Left left) => JsonDocument.Parse(left.Well().Output).RootElement.GetProperty("digest").GetString()!;

    public async Task InitializeAsync()
    {
        Store = Path.Combine(_root, "first");
        First = (await RunAsync(Store)).Well();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A directory of a test's own, empty.</summary>
    public string NewDirectory() => Directory.CreateDirectory(Path.Combine(_root, $"d{Interlocked.Increment(ref _stores)}")).FullName;

    /// <summary>A store that has the base model and no journal.</summary>
    public string NewStore()
    {
        var store = NewDirectory();
        foreach (var file in Directory.GetFiles(Path.Combine(Store, "models"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(store, Path.GetRelativePath(Store, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return store;
    }

    /// <summary>A copy of the undisturbed run's store, to be changed.</summary>
    public string CopyOfStore()
    {
        var store = NewDirectory();
        foreach (var file in Directory.GetFiles(Store, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(store, Path.GetRelativePath(Store, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

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
    public string[] Command(string store, params string[] more) => ["run", Small, "--json", "--store", store, .. more];

    public Task<Left> RunAsync(string store, params string[] more) => Aime.RunAsync(_root, Command(store, more));

    /// <summary>A reading command on the undisturbed run.</summary>
    public Task<Left> ReadAsync(params string[] arguments) => Aime.RunAsync(_root, [.. arguments, "--store", Store]);

    public static async Task<List<string>> QueryAsync(string store, string sql)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = Path.Combine(store, "journal.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
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
}

[CollectionDefinition(nameof(World))]
public sealed class WorldCollection : ICollectionFixture<World>;
