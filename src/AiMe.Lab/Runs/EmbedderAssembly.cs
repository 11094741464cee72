using System.Reflection;
using System.Runtime.Loader;
using AiMe.Faculties.Supervisor;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs;

/// <summary>
/// The embedder of meanings. No program refers to it: its assembly, its model and its runtime are loaded when a run first needs them.
/// </summary>
internal static class EmbedderAssembly
{
    /// <summary>all-MiniLM-L6-v2 in the version that this build expects.</summary>
    public static readonly LocalEmbedder MiniLm = new(
        "minilm",
        "ab9f9c352f06078e9b902ee51663e9a91a338b5314b908a899f2b04d8086fcaa",
        "onnxruntime 1.31.1"
    );

    /// <summary>Components of an embedding of <see cref="MiniLm"/>.</summary>
    public const int Components = 384;

    /// <summary>The environment variable that names the folder of the assembly.</summary>
    public const string FolderVariable = "AIME_MINILM";

    private const string RoomName = "AiMe.MiniLm",
        TypeName = $"{RoomName}.MiniLmEmbedder";

    // One for the process: the model has 90 MB.
    private static readonly Lazy<IEmbeddingGenerator<string, Embedding<float>>> Loaded = new(() =>
    {
        var path = Find();
        return Create(path, path == Existing(AppContext.BaseDirectory));
    });

    /// <summary>The path of the assembly.</summary>
    /// <exception cref="ModelPreparationException">It is not there; the message says how to build it.</exception>
    public static string Find() =>
        Find(AppContext.BaseDirectory, Environment.GetEnvironmentVariable(FolderVariable)) ?? throw new ModelPreparationException(Missing);

    /// <summary>Whether it is built, so that a run can load it.</summary>
    public static bool IsThere => Find(AppContext.BaseDirectory, Environment.GetEnvironmentVariable(FolderVariable)) is not null;

    /// <summary>Says that it is not there, and what to do.</summary>
    public static string Missing =>
        $"The embedder {MiniLm.Name} is built apart, because it brings a model of 90 MB, and it is not there. In a checkout, run "
        + $"`dotnet build src/{RoomName} -c Release`; elsewhere, name the folder of {RoomName}.dll in {FolderVariable}.";

    /// <summary>
    /// The path of the assembly: in the folder that is named, beside the program, or built in the program's checkout; else null.
    /// </summary>
    /// <param name="program">The program's folder.</param>
    /// <param name="named">The folder that the environment names; null for none. No other is then looked at.</param>
    internal static string? Find(string program, string? named)
    {
        if (!string.IsNullOrEmpty(named))
            return Existing(named);
        if (Existing(program) is { } beside)
            return beside;
        for (var folder = new DirectoryInfo(program); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, "src", RoomName);
            if (File.Exists(Path.Combine(project, $"{RoomName}.csproj")))
                return new[] { "Release", "Debug" }
                    .Select(configuration => Existing(Path.Combine(project, "bin", configuration, "net10.0")))
                    .FirstOrDefault(p => p is not null);
        }

        return null;
    }

    /// <summary>The embedder that a plan names.</summary>
    /// <exception cref="ModelPreparationException">It is not there, or it is another model or another runtime.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> Load(LocalEmbedder wanted)
    {
        var found = Loaded.Value.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        LocalEmbedder loaded = new(wanted.Name, found?.DefaultModelId ?? "", found?.ProviderName ?? "");
        return loaded == wanted
            ? Loaded.Value
            : throw new ModelPreparationException(
                $"The run has the embedder {wanted.Name} with the model {wanted.Model[..8]} under {wanted.Runtime}, but here it has "
                    + $"{loaded.Model[..Math.Min(8, loaded.Model.Length)]} under {loaded.Runtime}: their vectors may differ. Build "
                    + $"src/{RoomName} in the version that began the run."
            );
    }

    private static string? Existing(string folder)
    {
        var path = Path.GetFullPath(Path.Combine(folder, $"{RoomName}.dll"));
        return File.Exists(path) ? path : null;
    }

    /// <summary>Loads the assembly, and the model with it.</summary>
    /// <param name="beside">Whether the program refers to it and so has its packages among its own.</param>
    /// <exception cref="ModelPreparationException">It cannot be loaded.</exception>
    internal static IEmbeddingGenerator<string, Embedding<float>> Create(string path, bool beside)
    {
        try
        {
            var assembly = beside ? Assembly.Load(RoomName) : new EmbedderContext(path).LoadFromAssemblyPath(path);
            var type = assembly.GetType(TypeName, throwOnError: true)!;
            return (IEmbeddingGenerator<string, Embedding<float>>)Activator.CreateInstance(type)!;
        }
        catch (Exception e)
            when ((e as TargetInvocationException)?.InnerException is { } inner || e is BadImageFormatException or IOException)
        {
            throw new ModelPreparationException(
                $"The embedder {MiniLm.Name} in {path} cannot be loaded: {(e.InnerException ?? e).Message} Build src/{RoomName} again."
            );
        }
    }

    /// <summary>What the program has is shared; the rest stands beside the assembly.</summary>
    private sealed class EmbedderContext(string path) : AssemblyLoadContext(RoomName)
    {
        private readonly AssemblyDependencyResolver _beside = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name) ? null
            : _beside.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found)
            : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _beside.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
