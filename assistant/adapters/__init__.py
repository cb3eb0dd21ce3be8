"""The only room that knows LangChain, OpenAI, Chroma, torch, SQLAlchemy and spaCy. Each module implements a port."""
