using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Serve.Http;

namespace AiMe.Serve.Files;

/// <summary>The uploaded files: a folder for each, which is there completely or not at all.</summary>
internal sealed class FileShelf
{
    private const string About = "file.json",
        Content = "content";
    private readonly string _directory;
    private readonly TimeProvider _time;
    private ImmutableSortedDictionary<long, StoredFile> _files;

    private FileShelf(string directory, TimeProvider time, IEnumerable<StoredFile> files)
    {
        (_directory, _time) = (directory, time);
        _files = files.ToImmutableSortedDictionary(f => f.Sequence, f => f);
    }

    /// <summary>
    /// Entered by what makes or deletes a file or makes a job of one: once a file is deleted, no job of it is being made.
    /// </summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Every file, the newest first.</summary>
    public IEnumerable<StoredFile> All => _files.Values.Reverse();

    /// <summary>Opens the folder of a server, and removes what was not completed.</summary>
    /// <exception cref="IOException">It cannot be read, or one of its files is damaged.</exception>
    public static FileShelf Open(string directory, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        List<StoredFile> files = [];
        foreach (var folder in Directory.GetDirectories(directory))
        {
            if (folder.Contains(AtomicFiles.Mark, StringComparison.Ordinal))
                AtomicFiles.RemoveFolder(folder);
            else
                files.Add(ServeJson.Read(Path.Combine(folder, About), ServeJson.Default.StoredFile));
        }

        return new FileShelf(directory, time, files);
    }

    /// <summary>Keeps a file.</summary>
    public async Task<StoredFile> AddAsync(string name, string purpose, byte[] content, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            var file = new StoredFile(
                RandomId.New("file-"),
                _files.IsEmpty ? 1 : _files.Keys.Max() + 1,
                _time.GetUtcNow().ToUnixTimeSeconds(),
                name,
                purpose,
                content.Length
            );
            var folder = Path.Combine(_directory, file.Id);
            var temporary = await AtomicFiles.WriteFolderAsync(
                folder,
                [(Content, content), (About, JsonSerializer.SerializeToUtf8Bytes(file, ServeJson.Default.StoredFile))],
                cancellationToken
            );
            Directory.Move(temporary, folder);
            _files = _files.Add(file.Sequence, file);
            return file;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>A file by id.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public StoredFile Need(string id, string? parameter = "id") =>
        _files.Values.FirstOrDefault(f => f.Id == id)
        ?? throw ApiException.NotFound($"No such File object: {id}", parameter, "file_not_found");

    /// <summary>The content of a file.</summary>
    public string PathOf(StoredFile file) => Path.Combine(_directory, file.Id, Content);

    /// <summary>Deletes a file; jobs that were made of it keep their data.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            var file = Need(id);
            var folder = Path.Combine(_directory, file.Id);
            var removed = AtomicFiles.Temporary(folder);
            Directory.Move(folder, removed);
            _files = _files.Remove(file.Sequence);
            AtomicFiles.RemoveFolder(removed);
        }
        finally
        {
            Gate.Release();
        }
    }
}
