using System.Text.RegularExpressions;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>memory.index</c>: the vector store in which memories are found.</summary>
internal static partial class IndexReader
{
    public const string Key = "index",
        OfTheRun = "all variants of a run share it; set memory.index of the experiment";

    private const string Embedded = "embedded",
        Forms = "embedded, or a mapping with one of pgvector, qdrant, pinecone and weaviate",
        How =
            "where memories are found: embedded compares with all of them in this process; a vector store keeps them with their metadata "
            + "for people to query, and proposes those that the ranking decides on (docs/VECTOR-STORES.md)",
        TablePattern = "^[a-z_][a-z0-9_]{0,47}$",
        ClassPattern = "^[A-Z][A-Za-z0-9_]{0,63}$",
        NamePattern = "^[A-Za-z0-9_-]{1,64}$";

    private static readonly string[] s_stores =
    [
        StoreOrigin.PgvectorKind,
        StoreOrigin.QdrantKind,
        StoreOrigin.PineconeKind,
        StoreOrigin.WeaviateKind,
    ];

    /// <summary>The index; null for the embedded one.</summary>
    /// <param name="memory">The section <c>memory</c> of the experiment.</param>
    public static IndexPlan? Read(Section memory)
    {
        if (memory.Find(Key, How, Embedded) is not { } field)
            return null;
        var isEmbedded = field.Is(Embedded);
        if (field.Asked is null && isEmbedded || field.Section(Forms, or: Embedded) is not { } s)
            return null;
        StoreOrigin?[] stores =
        [
            Pgvector(s.Find(s_stores[0], "PostgreSQL with the extension vector")?.Section()),
            Qdrant(s.Find(s_stores[1], "Qdrant, over gRPC")?.Section()),
            Pinecone(s.Find(s_stores[2], "Pinecone")?.Section()),
            Weaviate(s.Find(s_stores[3], "Weaviate")?.Section()),
        ];
        s.Rule(() => Schema.SchemaRules.OneOf(s_stores));
        var given = s.Node.Entries.Select(e => e.Key).Intersect(s_stores, StringComparer.Ordinal).ToArray();
        if (field.Asked is null && given.Length != 1)
            field.Fail(
                $"found {(given.Length == 0 ? "no store" : string.Join(" and ", given))}, expected one of {string.Join(", ", s_stores)}"
            );
        var (candidates, waits) = (
            s.Whole(
                "candidates",
                Defaults.Candidates,
                1,
                100,
                "nearest memories that the store is asked for, for each one that is recalled"
            ),
            s.Word(
                "on-failure",
                Keywords.IndexFailures,
                fallback: false,
                "what a search does while the store does not answer: scan compares with all memories in this process, wait waits for it"
            )
        );
        var timeout = TimeReader.Wait(
            s.Find("timeout", "time limit of a call: a whole number and s, m or h, at most 1h", TimeReader.Text(Defaults.StoreTimeout)),
            Defaults.StoreTimeout
        );
        s.Close();
        return stores.OfType<StoreOrigin>().FirstOrDefault() is { } store
            ? new IndexPlan(store, candidates, waits, timeout.TotalSeconds)
            : null;
    }

    private static StoreOrigin.Pgvector? Pgvector(Section? s)
    {
        if (s is null)
            return null;
        StoreOrigin.Pgvector read = new(
            s.Find("host", "the server's name, or the directory of its socket", "localhost")?.Text("the name of a server") ?? "localhost",
            s.Whole("port", 5432, 1, 65_535, "the server's port"),
            s.Need("database", "the name of a database", "the database; a user that may create extensions makes the extension vector")
                ?.Text("the name of a database")
                ?? "",
            s.Find("user", "the role that connects", "postgres")?.Text("the name of a role") ?? "postgres",
            Variable(s, "password-env", "PGPASSWORD", "the environment variable that holds the password, if one is needed"),
            Form(s, "table", TablePattern, Table(), "aime_memories", "the table, created if it is missing"),
            s.Word(
                "search",
                Keywords.PgvectorSearches,
                fallback: false,
                "exact compares with all memories of an instance; hnsw makes and searches an approximate index"
            )
        );
        s.Close();
        return read;
    }

    private static StoreOrigin.Qdrant? Qdrant(Section? s)
    {
        if (s is null)
            return null;
        StoreOrigin.Qdrant read = new(
            Url(s, "url", "http://localhost:6334", "address of its gRPC port"),
            Form(s, "collection", NamePattern, Name(), "aime-memories", "the collection, created if it is missing"),
            s.Flag("exact", fallback: true, "compares with all memories of an instance; false searches the approximate index"),
            Variable(s, "key-env", StoreOrigin.NoKey, "the environment variable that holds the key, never the key itself; none for none")
        );
        WarnInTheClear(s, "url", read.Url, read.KeyEnv);
        s.Close();
        return read;
    }

    private static StoreOrigin.Pinecone? Pinecone(Section? s)
    {
        if (s is null)
            return null;
        StoreOrigin.Pinecone read = new(
            Url(s, "host", fallback: null, "address of an index of dense vectors and metric cosine, as Pinecone tells it"),
            Variable(s, "key-env", "PINECONE_API_KEY", "the environment variable that holds the key, never the key itself; none for none")
        );
        WarnInTheClear(s, "host", read.Host, read.KeyEnv);
        s.Close();
        return read;
    }

    private static StoreOrigin.Weaviate? Weaviate(Section? s)
    {
        if (s is null)
            return null;
        StoreOrigin.Weaviate read = new(
            Url(s, "url", "http://localhost:8080", "its address"),
            Form(s, "class", ClassPattern, Class(), "AimeMemory", "the collection, created if it is missing"),
            s.Flag("exact", fallback: true, "compares with all memories of an instance (index flat); false makes an approximate index"),
            Variable(s, "key-env", StoreOrigin.NoKey, "the environment variable that holds the key, never the key itself; none for none")
        );
        WarnInTheClear(s, "url", read.Url, read.KeyEnv);
        s.Close();
        return read;
    }

    private static void WarnInTheClear(Section s, string key, string url, string keyEnv)
    {
        if (ModelReader.IsInTheClear(keyEnv, url) && s.Given(key) is { } field)
            s.Problems.Warn(field.At, field.Path, $"the key in {keyEnv} would be sent to another machine unencrypted; expected https");
    }

    private static string Url(Section s, string key, string? fallback, string says) =>
        (fallback is null ? s.Need(key, says) : s.Find(key, says, fallback)) is { } field ? ModelReader.BaseUrl(field) : fallback ?? "";

    private static string Variable(Section s, string key, string fallback, string says) =>
        s.Find(key, says, fallback) is { } field ? ModelReader.KeyEnv(field) : fallback;

    private static string Form(Section s, string key, string pattern, Regex form, string fallback, string says) =>
        s.Find(key, says, fallback) is { } field ? Match(field, pattern, form) : fallback;

    private static string Match(FieldReader field, string pattern, Regex form)
    {
        field.Asked?.Form(pattern);
        if (field.Node is ScalarNode { Text: var text } && form.IsMatch(text))
            return text;
        if (field.Asked is null)
            field.Expected($"a name of the form {pattern}");
        return "";
    }

    [GeneratedRegex(TablePattern)]
    private static partial Regex Table();

    [GeneratedRegex(ClassPattern)]
    private static partial Regex Class();

    [GeneratedRegex(NamePattern)]
    private static partial Regex Name();
}
