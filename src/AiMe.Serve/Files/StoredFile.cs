namespace AiMe.Serve.Files;

/// <summary>An uploaded file, as it is kept on disk.</summary>
/// <param name="Id">Its id, <c>file-</c> and random digits.</param>
/// <param name="Sequence">Its place among all uploads, from 1.</param>
/// <param name="CreatedAt">Unix time, seconds.</param>
/// <param name="Name">The name that it was sent with.</param>
/// <param name="Purpose">Its purpose in OpenAI's words.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record StoredFile(string Id, long Sequence, long CreatedAt, string Name, string Purpose, long Bytes);
