import os

from dotenv import load_dotenv

load_dotenv()
DATABASE_URL = os.getenv("CHAT_DATABASE_URL", "sqlite:///chat.sqlite3")
